namespace WaterMeters.Ml.Evaluation.Promotions;

/// <summary>A decision about a model, and what publishing it would do.</summary>
/// <param name="Comparison">The decision.</param>
/// <param name="Target">The file in production that the model would become.</param>
/// <param name="Replaces">SHA-256 of the model that was in production when it was decided; null when there was none.</param>
public sealed record Promotion(ModelComparison Comparison, string Target, string? Replaces);
