using System.Diagnostics;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Inference;

namespace WaterMeters.Ml.Evaluation;

/// <summary>Compares two models photo by photo, on photos that neither has seen. It fails closed: what cannot be measured is never a pass.</summary>
public static class ModelComparer
{
    /// <summary>Compares a candidate with a baseline by the seed system's rule: Superior when its mean Dice and its mean IoU are both higher, else Inconclusive.</summary>
    /// <param name="candidate">Runs the candidate.</param>
    /// <param name="baseline">Runs the baseline.</param>
    /// <param name="data">The data set.</param>
    /// <param name="split">The part to compare on.</param>
    /// <param name="measured">Hears how many measurements are done, of how many; each photo is measured with both models.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="DatasetException">No photo is left that neither model has seen.</exception>
    /// <exception cref="PhotoException">A photo cannot be measured.</exception>
    public static ModelComparison Compare(IInferenceEngine candidate, IInferenceEngine baseline, DatasetContents data, DatasetSplit split, Action<int, int>? measured, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        var part = data.Part(split);
        var unseen = part.Where(p => !HasSeen(candidate, p) && !HasSeen(baseline, p)).ToList();
        if (unseen.Count == 0)
        {
            throw new DatasetException(data.DataPath, part.Count == 0
                ? $"'{data.DataPath}' has no photo in its {split} part, so the models cannot be compared. Add photos, or name others with -SplitPath."
                : $"All {part.Count} photos of the {split} part of '{data.DataPath}' were seen in training by one of the models, so they prove nothing. Add new photos, or compare on another part.");
        }

        int done = 0;
        var ours = ScoreSummary.Of(Measure(candidate));
        var theirs = ScoreSummary.Of(Measure(baseline));
        bool better = ours.Dice > theirs.Dice && ours.IoU > theirs.IoU;
        return new ModelComparison
        {
            Verdict = better ? ComparisonVerdict.Superior : ComparisonVerdict.Inconclusive,
            Passed = better,
            Reason = (better
                ? FormattableString.Invariant($"Dice {ours.Dice:0.0000} over {theirs.Dice:0.0000} and IoU {ours.IoU:0.0000} over {theirs.IoU:0.0000} on the same {unseen.Count} photos.")
                : FormattableString.Invariant($"Dice {ours.Dice:0.0000} against {theirs.Dice:0.0000} and IoU {ours.IoU:0.0000} against {theirs.IoU:0.0000} on the same {unseen.Count} photos: not both are higher.")) + Doubt(candidate, baseline),
            Candidate = candidate.Model.Path,
            Baseline = baseline.Model.Path,
            ModelPath = candidate.Model.Path,
            DataPath = data.DataPath,
            Split = split,
            Photos = unseen.Count,
            ExcludedPhotos = part.Count - unseen.Count,
            CandidateDice = ours.Dice,
            BaselineDice = theirs.Dice,
            DiceDifference = ours.Dice - theirs.Dice,
            CandidateIoU = ours.IoU,
            BaselineIoU = theirs.IoU,
            IoUDifference = ours.IoU - theirs.IoU,
            CandidateHausdorff = ours.Hausdorff,
            BaselineHausdorff = theirs.Hausdorff,
            ProvenanceKnown = candidate.Model.Provenance is not null && baseline.Model.Provenance is not null,
            Duration = Stopwatch.GetElapsedTime(started),
        };

        IEnumerable<PhotoScore> Measure(IInferenceEngine engine)
        {
            foreach (var score in new ModelEvaluator(engine).Measure(unseen, null, cancellation))
            {
                measured?.Invoke(++done, 2 * unseen.Count);
                yield return score;
            }
        }
    }

    private static string Doubt(params IInferenceEngine[] engines)
    {
        string[] mute = [.. engines.Where(e => e.Model.Provenance is null).Select(e => $"'{e.Model.Name}'").Distinct()];
        return mute.Length == 0 ? "" : $" Which photos {string.Join(" and ", mute)} has seen is not known, so an unseen test cannot be promised.";
    }

    private static bool HasSeen(IInferenceEngine engine, HashedPair pair) => engine.Model.Provenance?.HasSeen(pair) == true;
}
