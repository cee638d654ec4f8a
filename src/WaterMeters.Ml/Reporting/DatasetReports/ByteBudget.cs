namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>Splits a number of bytes among successive consumers; bytes that one leaves are available to the next ones.</summary>
/// <param name="bytes">Total number of bytes.</param>
/// <param name="consumers">Number of consumers.</param>
internal sealed class ByteBudget(long bytes, int consumers)
{
    private long left = bytes;
    private int waiting = consumers;

    /// <summary>Returns the share of the next consumer.</summary>
    public long Next() => left / Math.Max(1, waiting--);

    /// <summary>Deducts the bytes used of a share.</summary>
    public void Use(long used) => left = Math.Max(0, left - used);
}
