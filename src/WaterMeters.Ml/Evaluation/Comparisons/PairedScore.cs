using System.Collections.Concurrent;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>Scores of two models on one photo.</summary>
/// <param name="Pair">The photo and its mask.</param>
/// <param name="Candidate">Score of the candidate.</param>
/// <param name="Baseline">Score of the baseline; null without one.</param>
/// <param name="Difficulty">What makes the photo difficult.</param>
internal sealed record PairedScore(HashedPair Pair, PhotoScore Candidate, PhotoScore? Baseline, PhotoDifficulty Difficulty)
{
    /// <summary>Measures one model, or two models one after the other, each at its own input size.</summary>
    /// <param name="candidate">Runs the candidate.</param>
    /// <param name="baseline">Runs the baseline; null without one.</param>
    /// <param name="photos">The photos.</param>
    /// <param name="progress">Called with the number of measurements done and the total.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="PhotoException">A photo cannot be measured.</exception>
    public static IReadOnlyList<PairedScore> Measure(
        IInferenceEngine candidate,
        IInferenceEngine? baseline,
        IReadOnlyList<HashedPair> photos,
        Action<int, int>? progress,
        CancellationToken cancellation)
    {
        var analyzer = new DifficultyAnalyzer();
        var difficulties = new ConcurrentDictionary<HashedPair, PhotoDifficulty>();
        int done = 0, total = baseline is null ? photos.Count : 2 * photos.Count;
        var ours = Scores(new ModelEvaluator(candidate)
        {
            PairDecoded = (pair, decoded) => difficulties[pair] = analyzer.Classify(decoded),
        });
        var theirs = baseline is null ? null : Scores(new ModelEvaluator(baseline));
        return [.. photos.Select((pair, i) => new PairedScore(pair, ours[i], theirs?[i], difficulties[pair]))];

        List<PhotoScore> Scores(ModelEvaluator evaluator)
        {
            var scores = new List<PhotoScore>(photos.Count);
            foreach (var score in evaluator.Measure(photos, null, cancellation))
            {
                scores.Add(score);
                progress?.Invoke(++done, total);
            }

            return scores;
        }
    }
}
