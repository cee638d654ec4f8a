namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>What one look at a pair shows, each half or why it could not be read. Nothing else of the files is needed again.</summary>
/// <param name="Pair">The files.</param>
/// <param name="Photo">The photo, or null.</param>
/// <param name="PhotoFault">Why the photo cannot be read, or null.</param>
/// <param name="Mask">The mask, or null.</param>
/// <param name="MaskFault">Why the mask cannot be read, or null.</param>
internal sealed record PairFacts(SamplePair Pair, PhotoFacts? Photo, string? PhotoFault, MaskFacts? Mask, string? MaskFault);
