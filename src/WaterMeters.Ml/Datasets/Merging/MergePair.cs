using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>A pair that is to join a data set.</summary>
/// <param name="Facts">What was measured of it.</param>
/// <param name="Repairs">What is stored beside its own data set of the files that its photo was before repairs.</param>
internal sealed record MergePair(PairFacts Facts, IReadOnlyList<SplitOverride> Repairs);
