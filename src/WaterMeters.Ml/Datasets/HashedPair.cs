namespace WaterMeters.Ml.Datasets;

/// <summary>A pair with its content hash and its part of the data set.</summary>
/// <param name="Pair">The files.</param>
/// <param name="Hash">SHA-256 of the photo's file.</param>
/// <param name="Split">Its part.</param>
public sealed record HashedPair(SamplePair Pair, string Hash, DatasetSplit Split);
