namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>Counts the objects that were sent to a remote, and those that replaced damaged ones.</summary>
internal sealed class SentCount
{
    private long files, bytes, repaired;

    /// <summary>Number of objects.</summary>
    public long Files => Interlocked.Read(ref files);

    /// <summary>Their bytes.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>How many replaced damaged ones.</summary>
    public long Repaired => Interlocked.Read(ref repaired);

    /// <summary>Counts an object.</summary>
    public void Add(long size, bool isRepair)
    {
        Interlocked.Increment(ref files);
        Interlocked.Add(ref bytes, size);
        if (isRepair) Interlocked.Increment(ref repaired);
    }
}
