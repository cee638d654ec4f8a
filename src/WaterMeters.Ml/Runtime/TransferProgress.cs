namespace WaterMeters.Ml.Runtime;

/// <summary>How far a download or an unpacking is.</summary>
/// <param name="Activity">What is done.</param>
/// <param name="Bytes">Bytes so far.</param>
/// <param name="TotalBytes">Bytes in all; 0 when not known.</param>
public readonly record struct TransferProgress(string Activity, long Bytes, long TotalBytes);
