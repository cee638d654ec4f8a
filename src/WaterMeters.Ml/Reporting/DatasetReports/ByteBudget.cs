namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>Shares a number of bytes among those who come one after the other; what one leaves is there for the next ones.</summary>
/// <param name="bytes">The bytes there are.</param>
/// <param name="sharers">How many will come.</param>
internal sealed class ByteBudget(long bytes, int sharers)
{
    private long left = bytes;
    private int waiting = sharers;

    /// <summary>The share of the next one.</summary>
    public long Next() => left / Math.Max(1, waiting--);

    /// <summary>Takes what was used of a share.</summary>
    public void Use(long used) => left = Math.Max(0, left - used);
}
