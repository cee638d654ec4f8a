using System.Globalization;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation.Metrics;

namespace WaterMeters.Ml.Evaluation;

/// <summary>Masks that a model disagrees with most: where it is right about most photos, the mask may be wrong about this one.</summary>
/// <param name="evaluator">Runs the model.</param>
public sealed class SuspectMaskFinder(ModelEvaluator evaluator) : IMaskReviewer
{
    /// <summary>A mask whose Dice with the model's is below this is a suspect.</summary>
    public const double SuspectBelow = 0.5;

    /// <summary>A model whose median Dice is below this knows too little to suspect anybody.</summary>
    public const double LeastMedian = 0.7;

    /// <inheritdoc/>
    IReadOnlyList<CheckResult> IMaskReviewer.Review(
        IReadOnlyList<PairFacts> pairs, SplitRule rule, Action<int, int>? reviewed, Action<string>? warn, CancellationToken cancellation)
    {
        var sound = pairs.Where(p => p is { Photo: not null, Mask: { ForegroundPixels: >= MaskChecks.LeastPixels } mask } && mask.Header.Width == p.Photo.Header.Width && mask.Header.Height == p.Photo.Header.Height)
            .Select(p => new HashedPair(p.Pair, p.Photo!.Hash, rule.Assign(p.Photo.Hash, p.Pair.Name))).ToList();
        var scores = new List<PhotoScore>();
        foreach (var score in evaluator.Measure(sound, _ => { }, cancellation))
        {
            scores.Add(score);
            reviewed?.Invoke(scores.Count, sound.Count);
        }

        if (scores.Count == 0) return [];
        scores.Sort((a, b) => a.Scores.Dice.CompareTo(b.Scores.Dice));
        double median = scores[scores.Count / 2].Scores.Dice;
        if (median >= LeastMedian) return [.. scores.TakeWhile(s => s.Scores.Dice < SuspectBelow).Select(s => Found(s, median))];
        warn?.Invoke(string.Create(CultureInfo.InvariantCulture, $"The model's median Dice on this data set is {median:0.00}; below {LeastMedian:0.0} it knows too little to suspect a mask. Name a better one with -Model."));
        return [];
    }

    private static CheckResult Found(PhotoScore score, double median)
    {
        string what = score.Coverage == 0 ? "finds no window on the photo" : "finds the window elsewhere than the mask says";
        return new CheckResult(DatasetCheck.MaskSuspect, score.Pair.Pair.Name, score.Pair.Pair.MaskPath, string.Create(CultureInfo.InvariantCulture, $"The model {what}: Dice {score.Scores.Dice:0.00}, the median of the set {median:0.00}. Look which of the two is right, and correct the mask if it is not."));
    }
}
