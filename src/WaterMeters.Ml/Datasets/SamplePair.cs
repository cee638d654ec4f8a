namespace WaterMeters.Ml.Datasets;

/// <summary>The files of a photo and its mask.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="ImagePath">Absolute path of the photo.</param>
/// <param name="MaskPath">Absolute path of the mask.</param>
public sealed record SamplePair(string Name, string ImagePath, string MaskPath);
