using WaterMeters.Ml.Datasets;

namespace WaterMeters.Ml.Evaluation.Metrics;

/// <summary>A model's scores on one photo.</summary>
/// <param name="Pair">The photo.</param>
/// <param name="Scores">Scores at the model's input size.</param>
/// <param name="Coverage">Fraction of the predicted mask that is meter.</param>
public sealed record PhotoScore(HashedPair Pair, MaskScores Scores, double Coverage);
