namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>A photo that shows what an earlier one shows.</summary>
/// <param name="Index">The photo's place in the list.</param>
/// <param name="Earlier">The place of the one before it.</param>
/// <param name="IsExact">Whether the two files are equal.</param>
/// <param name="Similarity">Correlation of the two when they lie on each other, 0 to 1.</param>
/// <param name="Symmetry">How the earlier one has to be turned or mirrored to look like this one.</param>
/// <param name="Warp">Where the cells of this one lie in the turned earlier one.</param>
internal sealed record PhotoMatch(int Index, int Earlier, bool IsExact, double Similarity, Symmetry Symmetry, ThumbnailWarp Warp);
