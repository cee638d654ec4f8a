namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>A comparison and the photos it rests on.</summary>
/// <param name="Comparison">What was found.</param>
/// <param name="Photos">One record a photo compared on, by name.</param>
public sealed record ComparisonResult(ModelComparison Comparison, IReadOnlyList<ImageComparison> Photos);
