namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>The facts of a pair. All checks are computed from these; the files are not read again.</summary>
/// <param name="Pair">The files.</param>
/// <param name="Photo">The facts of the photo, or null.</param>
/// <param name="PhotoFault">The error message if the photo cannot be read, otherwise null.</param>
/// <param name="Mask">The facts of the mask, or null.</param>
/// <param name="MaskFault">The error message if the mask cannot be read, otherwise null.</param>
internal sealed record PairFacts(SamplePair Pair, PhotoFacts? Photo, string? PhotoFault, MaskFacts? Mask, string? MaskFault);
