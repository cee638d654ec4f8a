namespace WaterMeters.Ops.Http;

/// <summary>A download was interrupted too often.</summary>
internal sealed class InterruptedDownloadException(string reason, long bytes) : Exception(reason)
{
    /// <summary>Bytes received.</summary>
    public long Bytes => bytes;
}
