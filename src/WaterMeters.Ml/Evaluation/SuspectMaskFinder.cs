using System.Globalization;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation.Metrics;

namespace WaterMeters.Ml.Evaluation;

/// <summary>Finds the masks that a good model disagrees with: it is right on most photos, so such a mask may be wrong.</summary>
/// <param name="evaluator">Runs the model.</param>
public sealed class SuspectMaskFinder(ModelEvaluator evaluator) : IMaskReviewer
{
    /// <summary>A mask is suspect when its Dice with the model's mask is below this.</summary>
    public const double SuspectBelow = 0.5;

    /// <summary>A model with a lower median Dice is too weak to judge masks.</summary>
    public const double MinimumMedianDice = 0.7;

    /// <inheritdoc/>
    IReadOnlyList<CheckResult> IMaskReviewer.Review(
        IReadOnlyList<PairFacts> pairs, SplitRule rule, Action<int, int>? reviewed, Action<string>? warn, CancellationToken cancellation)
    {
        var valid = pairs
            .Where(p => p is { Photo: not null, Mask: { ForegroundPixels: >= MaskChecks.LeastPixels } mask }
                && mask.Header.Width == p.Photo.Header.Width && mask.Header.Height == p.Photo.Header.Height)
            .Select(p => new HashedPair(p.Pair, p.Photo!.Hash, rule.Assign(p.Photo.Hash, p.Pair.Name))).ToList();
        var scores = new List<PhotoScore>();
        foreach (var score in evaluator.Measure(valid, _ => { }, cancellation))
        {
            scores.Add(score);
            reviewed?.Invoke(scores.Count, valid.Count);
        }

        if (scores.Count == 0) return [];
        scores.Sort((a, b) => a.Scores.Dice.CompareTo(b.Scores.Dice));
        double median = scores[scores.Count / 2].Scores.Dice;
        if (median >= MinimumMedianDice) return [.. scores.TakeWhile(s => s.Scores.Dice < SuspectBelow).Select(s => ToResult(s, median))];
        warn?.Invoke(string.Create(
            CultureInfo.InvariantCulture,
            $"No mask was reviewed: the model's median Dice on this data set is {median:0.00}, and a review needs at least "
            + $"{MinimumMedianDice:0.0}. Use a better model with -Model."));
        return [];
    }

    private static CheckResult ToResult(PhotoScore score, double median)
    {
        string what = score.Coverage == 0 ? "finds no window on the photo" : "finds the window in another position than the mask";
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"The model {what}: Dice {score.Scores.Dice:0.00}, median of the data set {median:0.00}. "
            + $"Check the mask, and correct it if it is wrong.");
        return new CheckResult(DatasetCheck.MaskSuspect, score.Pair.Pair.Name, score.Pair.Pair.MaskPath, message);
    }
}
