namespace WaterMeters.Ops.Versioning;

/// <summary>How far a piece of work is.</summary>
/// <param name="Work">What is done, such as <c>Publishing images</c>.</param>
/// <param name="Files">Files done.</param>
/// <param name="TotalFiles">All files.</param>
/// <param name="Bytes">Bytes done.</param>
/// <param name="TotalBytes">All bytes; 0 if unknown.</param>
/// <param name="Left">Estimate of the time left; null if there is none yet.</param>
public readonly record struct TransferState(string Work, long Files, long TotalFiles, long Bytes, long TotalBytes, TimeSpan? Left)
{
    /// <summary>Done, in percent.</summary>
    public int Percent =>
        TotalBytes > 0 ? (int)Math.Min(100, 100 * Bytes / TotalBytes) : (int)Math.Min(100, 100 * Files / Math.Max(1, TotalFiles));
}
