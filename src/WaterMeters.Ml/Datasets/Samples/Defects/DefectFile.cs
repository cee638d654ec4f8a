namespace WaterMeters.Ml.Datasets.Samples.Defects;

/// <summary>A file of a pair with a fault.</summary>
/// <param name="Folder">images or masks.</param>
/// <param name="Extension">With its dot.</param>
/// <param name="Content">The bytes.</param>
internal sealed record DefectFile(string Folder, string Extension, byte[] Content);
