namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>What is to be stored of a photo that resembles another.</summary>
/// <param name="Photo">Its place in the list of photos.</param>
/// <param name="Other">The place of the one that it resembles.</param>
/// <param name="Split">The part that it is in from now on.</param>
/// <param name="Exception">What to store.</param>
internal sealed record SplitJoin(int Photo, int Other, DatasetSplit Split, SplitOverride Exception);
