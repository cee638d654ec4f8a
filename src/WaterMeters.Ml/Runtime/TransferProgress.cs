namespace WaterMeters.Ml.Runtime;

/// <summary>The progress of a download, a check or an unpacking.</summary>
/// <param name="Activity">The current activity, such as "Unpacking libtorch 2.10.0".</param>
/// <param name="Bytes">Bytes processed so far.</param>
/// <param name="TotalBytes">Total bytes; 0 when unknown.</param>
public readonly record struct TransferProgress(string Activity, long Bytes, long TotalBytes);
