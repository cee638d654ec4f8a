namespace WaterMeters.Ml.Datasets;

/// <summary>A pair with the hash of its photo and its part of the data set.</summary>
/// <param name="Pair">The files.</param>
/// <param name="Hash">SHA-256 of the photo's file.</param>
/// <param name="Split">Its part.</param>
public sealed record HashedPair(SamplePair Pair, string Hash, DatasetSplit Split)
{
    /// <summary>
    /// Other hashes by which a model may have seen this photo: of its file before and after repairs, and of photos linked to it.
    /// </summary>
    public IReadOnlyList<string> Others { get; init; } = [];
}
