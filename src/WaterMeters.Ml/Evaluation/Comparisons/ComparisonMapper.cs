using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Ledger;

namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>Maps a comparison to the records that cmdlets write.</summary>
internal static class ComparisonMapper
{
    /// <summary>Creates the record of a comparison.</summary>
    /// <param name="request">What was compared.</param>
    /// <param name="assessment">Statistics of the scores.</param>
    /// <param name="recorded">The decision after the ledger step.</param>
    /// <param name="excluded">Number of photos left out.</param>
    public static ModelComparison ToRecord(ComparisonRequest request, ComparisonAssessment assessment, LedgerResult recorded, int excluded)
    {
        var (decision, options, evidence) = (recorded.Decision, request.Options, assessment.Evidence);
        var (ours, theirs) = (assessment.Ours, assessment.Theirs);
        var dark = assessment.Slice(nameof(PhotoDifficulty.Dark));
        var blurred = assessment.Slice(nameof(PhotoDifficulty.Blurred));
        var small = assessment.Slice(nameof(PhotoDifficulty.SmallWindow));
        return new ModelComparison
        {
            Verdict = decision.Verdict,
            Passed = decision.Passed,
            Policy = options.Policy,
            Reason = decision.Reason,
            Flags = string.Join(", ", decision.Flags),
            Candidate = request.Candidate.Model.Path,
            Baseline = request.Baseline?.Model.Path,
            ModelPath = request.Candidate.Model.Path,
            DataPath = request.Data.DataPath,
            Split = request.Split,
            Photos = assessment.CandidateAlone.Photos,
            ExcludedPhotos = excluded,
            MinimumPhotos = options.MinimumPhotos,
            MissingPhotos = Math.Max(0, options.MinimumPhotos - assessment.CandidateAlone.Photos),
            CandidateDice = ours.Dice,
            BaselineDice = theirs?.Dice,
            DiceDifference = evidence?.Difference,
            DiceLower = evidence?.Lower,
            DiceUpper = evidence?.Upper,
            PValue = evidence?.PValue,
            SmallestVisibleDifference = evidence?.SmallestVisible,
            CandidateIoU = ours.IoU,
            BaselineIoU = theirs?.IoU,
            IoUDifference = evidence?.IoUDifference,
            CandidateHausdorff = ours.Hausdorff,
            BaselineHausdorff = theirs?.Hausdorff,
            HausdorffDifference = request.Baseline?.Size == request.Candidate.Size ? ours.Hausdorff - theirs?.Hausdorff : null,
            CandidateWorstTenthDice = assessment.CandidateWorstTenth,
            BaselineWorstTenthDice = evidence?.BaselineWorstTenth,
            CandidateMissedWindows = evidence?.CandidateMisses ?? assessment.CandidateAlone.MissedWindows,
            BaselineMissedWindows = evidence?.BaselineMisses,
            BothMissedWindows = evidence?.BothMiss,
            MissedWindowsPValue = evidence?.MissesPValue,
            DarkPhotos = dark?.Photos ?? 0,
            DarkDifference = dark?.Difference,
            DarkLower = dark?.Lower,
            DarkUpper = dark?.Upper,
            BlurredPhotos = blurred?.Photos ?? 0,
            BlurredDifference = blurred?.Difference,
            BlurredLower = blurred?.Lower,
            BlurredUpper = blurred?.Upper,
            SmallWindowPhotos = small?.Photos ?? 0,
            SmallWindowDifference = small?.Difference,
            SmallWindowLower = small?.Lower,
            SmallWindowUpper = small?.Upper,
            Confidence = options.Confidence,
            Alpha = options.Alpha,
            EffectiveAlpha = options.AlphaFor(assessment.CandidateAlone.Photos),
            Margin = options.Margin,
            MinimumDice = options.MinimumDice,
            Resamples = options.Resamples,
            Seed = options.Seed,
            ProvenanceKnown = request is { Candidate.Model.Provenance: not null, Baseline: null or { Model.Provenance: not null } },
            Decisions = recorded.Count?.Decisions,
            LedgerPath = recorded.Count?.Path,
            LedgerNote = recorded.Note,
        };
    }

    /// <summary>Creates the record of one photo.</summary>
    public static ImageComparison ToRecord(PairedScore score, ComparisonRequest request)
    {
        double missed = request.Options.MissedWindowDice;
        var (ours, theirs) = (score.Candidate, score.Baseline);
        return new ImageComparison
        {
            Name = score.Pair.Pair.Name,
            ImagePath = score.Pair.Pair.ImagePath,
            MaskPath = score.Pair.Pair.MaskPath,
            Split = score.Pair.Split,
            CandidateDice = ours.Scores.Dice,
            BaselineDice = theirs?.Scores.Dice,
            DiceDifference = ours.Scores.Dice - theirs?.Scores.Dice,
            CandidateIoU = ours.Scores.IoU,
            BaselineIoU = theirs?.Scores.IoU,
            CandidateHausdorff = ours.Scores.Hausdorff,
            BaselineHausdorff = theirs?.Scores.Hausdorff,
            CandidateCoverage = ours.Coverage,
            BaselineCoverage = theirs?.Coverage,
            CandidateMissed = ours.Scores.Dice < missed,
            BaselineMissed = theirs is null ? null : theirs.Scores.Dice < missed,
            Dark = score.Difficulty.Dark,
            Blurred = score.Difficulty.Blurred,
            SmallWindow = score.Difficulty.SmallWindow,
            Candidate = request.Candidate.Model.Path,
            Baseline = request.Baseline?.Model.Path,
        };
    }
}
