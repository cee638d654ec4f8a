using WaterMeters.Ops.Versioning.Contents;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>Objects by their hash: the cache of a repository, or a remote. Safe for several threads.</summary>
internal interface IObjectStore : IDisposable
{
    /// <summary>Where it is, for messages.</summary>
    string Address { get; }

    /// <summary>How many objects are worth reading or writing at the same time.</summary>
    int Parallelism { get; }

    /// <summary>Returns which of some objects are there, and how large they are.</summary>
    /// <param name="layout">Where the objects are.</param>
    /// <param name="wanted">The objects asked for; others may be in the result too. Null: all objects.</param>
    /// <param name="stop">Stops the work.</param>
    ObjectInventory Find(ObjectLayout layout, IReadOnlyCollection<ObjectId>? wanted, CancellationToken stop);

    /// <summary>Reads an object. What arrives is not compared with the hash.</summary>
    /// <param name="layout">Where the objects are.</param>
    /// <param name="id">The object.</param>
    /// <param name="open">Receives the bytes of the object, and returns an empty stream for them.</param>
    /// <param name="stop">Stops the work.</param>
    /// <returns>The stream, filled.</returns>
    /// <exception cref="MissingObjectException">It is not there.</exception>
    Stream Read(ObjectLayout layout, ObjectId id, Func<long, Stream> open, CancellationToken stop);

    /// <summary>Reads an object that is there, and returns whether its content has its hash.</summary>
    bool IsIntact(ObjectLayout layout, ObjectId id, CancellationToken stop);

    /// <summary>Writes an object, completely or not at all.</summary>
    /// <param name="layout">Where the objects are.</param>
    /// <param name="id">The object.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="replace">Whether there may be a damaged one, which is replaced.</param>
    /// <param name="stop">Stops the work.</param>
    void Write(ObjectLayout layout, ObjectId id, ReadOnlyMemory<byte> content, bool replace, CancellationToken stop);

    /// <summary>Writes an object from a file, completely or not at all.</summary>
    /// <returns>False if the file has changed since it was hashed: then nothing was written.</returns>
    bool WriteFile(ObjectLayout layout, ObjectId id, string file, bool replace, CancellationToken stop);
}
