using WaterMeters.Ml.Datasets;

namespace WaterMeters.Ml.Evaluation.Metrics;

/// <summary>Scores of a model on one photo.</summary>
/// <param name="Pair">The photo and its mask.</param>
/// <param name="Scores">Scores at the model's input size.</param>
/// <param name="Coverage">Foreground fraction of the predicted mask, 0..1.</param>
public sealed record PhotoScore(HashedPair Pair, MaskScores Scores, double Coverage);
