using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>
/// Objects from the cache, or else from the remote into the cache. Every object is compared with its hash before it is used, wherever it
/// comes from.
/// </summary>
/// <param name="cache">The cache.</param>
/// <param name="remote">The remote; null: the cache alone. Opened when an object is needed from there.</param>
internal sealed class ObjectFetcher(FolderStore cache, Lazy<IObjectStore>? remote)
{
    /// <summary>Larger objects are not kept in memory.</summary>
    public const int SmallBytes = 4 << 20;

    private long files, bytes;

    /// <summary>Whether what comes from the remote is not kept in the cache: for work that writes nothing.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Number of objects that came from the remote.</summary>
    public long Files => Interlocked.Read(ref files);

    /// <summary>Their bytes.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Where objects come from if the cache has none.</summary>
    public string Address => remote?.Value.Address ?? cache.Address;

    /// <summary>Returns how many of some objects are worth fetching at the same time.</summary>
    public int ParallelismFor(ObjectLayout layout, IReadOnlyCollection<ObjectId> ids, CancellationToken stop)
    {
        if (remote is null) return cache.Parallelism;
        var cached = cache.Find(layout, ids, stop);
        return ids.All(id => cached.Has(id)) ? cache.Parallelism : Math.Max(cache.Parallelism, remote.Value.Parallelism);
    }

    /// <summary>Returns an object's bytes if it is small; otherwise null, and then it is in the cache.</summary>
    /// <exception cref="MissingObjectException">It is neither in the cache nor in the remote.</exception>
    /// <exception cref="DatasetVersionException">It is damaged in the remote, or the remote cannot be read.</exception>
    public byte[]? Fetch(ObjectLayout layout, ObjectId id, CancellationToken stop) =>
        TryCache(layout, id, stop, out var content) ? content : FromRemote(layout, id, stop);

    /// <summary>Returns the listing of a version; null if it is neither in the cache nor in the remote.</summary>
    public FolderListing? FetchListing(ObjectLayout layout, ObjectId id, CancellationToken stop)
    {
        try
        {
            byte[] content = Fetch(layout, id, stop) ?? HeldFile.ReadAllBytes(cache.PathOf(layout, id));
            return FolderListing.Read(content, id.ToString());
        }
        catch (MissingObjectException)
        {
            return null;
        }
    }

    private bool TryCache(ObjectLayout layout, ObjectId id, CancellationToken stop, out byte[]? content)
    {
        content = null;
        string path = cache.PathOf(layout, id);
        if (!File.Exists(path)) return false;
        if (new FileInfo(path).Length <= SmallBytes)
        {
            content = HeldFile.ReadAllBytes(path);
            if (ContentHasher.Of(content, IsHashedAsLegacy(layout, id)) == id.Hash) return true;
            content = null;
        }
        else if (FolderStore.HashOf(path, id.IsListing ? ObjectLayout.Current : layout, stop) == id.Hash)
        {
            return true;
        }

        // A program that followed a link has written into the cache.
        if (!IsReadOnly) cache.Remove(layout, id);
        return false;
    }

    private byte[]? FromRemote(ObjectLayout layout, ObjectId id, CancellationToken stop)
    {
        if (remote is null) throw new MissingObjectException(id, cache.Address);
        byte[]? content = null;
        bool isWhole = false;
        long size = 0;
        var store = remote.Value;
        using (var memory = new MemoryStream())
        {
            bool isLarge = false;
            try
            {
                store.Read(layout, id, length =>
                {
                    size = length;
                    isLarge = length > SmallBytes;
                    if (isLarge && !IsReadOnly) throw new LargeObjectException();
                    memory.Capacity = (int)length;
                    return memory;
                }, stop);
            }
            catch (LargeObjectException)
            {
                // Read again into a file, which is on the disk of the cache.
            }

            if (isLarge && !IsReadOnly)
            {
                isWhole = cache.Receive(layout, id, file => store.Read(layout, id, _ => file, stop), stop);
            }
            else
            {
                content = memory.GetBuffer().Length == memory.Length ? memory.GetBuffer() : memory.ToArray();
                isWhole = ContentHasher.Of(content, IsHashedAsLegacy(layout, id)) == id.Hash;
                if (isWhole && !IsReadOnly) cache.Write(layout, id, content, replace: false, stop);
            }
        }

        if (!isWhole)
        {
            throw new DatasetVersionException(DatasetVersionFault.Incomplete, id.ToString(),
                $"The object {id} in '{store.Address}' is damaged: its content has another MD5. Nothing of it was kept. "
                + "Run Publish-WmsDataset -Verify where the files are.");
        }

        Interlocked.Increment(ref files);
        Interlocked.Add(ref bytes, size);
        return content;
    }

    // The listing of a folder is hashed as it is in both layouts.
    private static bool IsHashedAsLegacy(ObjectLayout layout, ObjectId id) => layout.IsLegacy && !id.IsListing;

    private sealed class LargeObjectException : Exception;
}
