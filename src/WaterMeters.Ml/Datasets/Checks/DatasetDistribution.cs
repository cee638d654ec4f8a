using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>A number that each pair has, and how often which one occurs.</summary>
/// <param name="Key">Its name in a JSON report.</param>
/// <param name="Title">Its name on a page.</param>
/// <param name="Unit">What the horizontal axis of its chart says.</param>
/// <param name="Of">What is counted: photos or masks.</param>
/// <param name="Value">Measures it; NaN for a pair that has none.</param>
/// <param name="Counts">The values counted so far.</param>
/// <param name="Limit">The limit of a check, or null.</param>
internal sealed record DatasetDistribution(string Key, string Title, string Unit, string Of, Func<PairFacts, double> Value, BinnedCounts Counts, double? Limit = null);
