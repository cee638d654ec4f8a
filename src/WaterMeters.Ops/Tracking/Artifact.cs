namespace WaterMeters.Ops.Tracking;

/// <summary>A file in an artifact folder.</summary>
/// <param name="Path">Path below the folder, with <c>/</c> on every system.</param>
/// <param name="Size">Bytes; null if the store does not say.</param>
public sealed record Artifact(string Path, long? Size);
