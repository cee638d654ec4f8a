using System.Collections.Concurrent;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>The scores of two models on one photo.</summary>
/// <param name="Pair">The photo.</param>
/// <param name="Candidate">The candidate's.</param>
/// <param name="Baseline">The baseline's; null without one.</param>
/// <param name="Difficulty">What makes the photo difficult.</param>
internal sealed record PairedScore(HashedPair Pair, PhotoScore Candidate, PhotoScore? Baseline, PhotoDifficulty Difficulty)
{
    /// <summary>Measures one model, or two one after the other, each at its own input size.</summary>
    /// <param name="candidate">Runs the candidate.</param>
    /// <param name="baseline">Runs the baseline; null without one.</param>
    /// <param name="photos">The photos.</param>
    /// <param name="measured">Hears how many measurements are done, of how many.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="PhotoException">A photo cannot be measured.</exception>
    public static IReadOnlyList<PairedScore> Measure(
        IInferenceEngine candidate, IInferenceEngine? baseline, IReadOnlyList<HashedPair> photos, Action<int, int>? measured, CancellationToken cancellation)
    {
        var meter = new DifficultyAnalyzer();
        var difficulties = new ConcurrentDictionary<HashedPair, PhotoDifficulty>();
        int done = 0, all = baseline is null ? photos.Count : 2 * photos.Count;
        var ours = Scores(new ModelEvaluator(candidate) { Look = (pair, decoded) => difficulties[pair] = meter.Classify(decoded) });
        var theirs = baseline is null ? null : Scores(new ModelEvaluator(baseline));
        return [.. photos.Select((pair, i) => new PairedScore(pair, ours[i], theirs?[i], difficulties[pair]))];

        List<PhotoScore> Scores(ModelEvaluator evaluator)
        {
            var scores = new List<PhotoScore>(photos.Count);
            foreach (var score in evaluator.Measure(photos, null, cancellation))
            {
                scores.Add(score);
                measured?.Invoke(++done, all);
            }

            return scores;
        }
    }
}
