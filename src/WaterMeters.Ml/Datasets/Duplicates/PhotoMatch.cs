namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>A photo that shows the scene of an earlier one.</summary>
/// <param name="Index">Index of the photo.</param>
/// <param name="Earlier">Index of the earlier photo.</param>
/// <param name="IsExact">Whether the two files are identical.</param>
/// <param name="Similarity">Correlation of the two aligned photos, 0 to 1.</param>
/// <param name="Symmetry">How to rotate or mirror the earlier photo so that it looks like this one.</param>
/// <param name="Warp">Where the cells of this photo lie in the earlier one after that.</param>
internal sealed record PhotoMatch(int Index, int Earlier, bool IsExact, double Similarity, Symmetry Symmetry, ThumbnailWarp Warp);
