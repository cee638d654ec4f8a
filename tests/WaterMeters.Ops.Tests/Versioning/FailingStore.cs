using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Tests.Versioning;

/// <summary>A remote in which writing fails from some write on.</summary>
internal sealed class FailingStore(IObjectStore inner, Func<bool> fails) : IObjectStore
{
    public string Address => inner.Address;

    public int Parallelism => inner.Parallelism;

    public ObjectInventory Find(ObjectLayout layout, IReadOnlyCollection<ObjectId>? wanted, CancellationToken stop) =>
        inner.Find(layout, wanted, stop);

    public Stream Read(ObjectLayout layout, ObjectId id, Func<long, Stream> open, CancellationToken stop) =>
        inner.Read(layout, id, open, stop);

    public bool IsIntact(ObjectLayout layout, ObjectId id, CancellationToken stop) => inner.IsIntact(layout, id, stop);

    public void Write(ObjectLayout layout, ObjectId id, ReadOnlyMemory<byte> content, bool replace, CancellationToken stop)
    {
        Check();
        inner.Write(layout, id, content, replace, stop);
    }

    public bool WriteFile(ObjectLayout layout, ObjectId id, string file, bool replace, CancellationToken stop)
    {
        Check();
        return inner.WriteFile(layout, id, file, replace, stop);
    }

    public void Dispose() => inner.Dispose();

    private void Check()
    {
        if (fails()) throw new DatasetVersionException(DatasetVersionFault.RemoteUnavailable, inner.Address, "The network is down.");
    }
}
