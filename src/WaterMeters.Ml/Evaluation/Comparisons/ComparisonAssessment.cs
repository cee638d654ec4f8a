using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Metrics;

namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>The scores of a comparison, their statistics and the decision of the gate.</summary>
/// <param name="Ours">Mean scores of the candidate.</param>
/// <param name="Theirs">Mean scores of the baseline; null without one.</param>
/// <param name="CandidateAlone">Results of the candidate without regard to the baseline.</param>
/// <param name="CandidateWorstTenth">Mean Dice of the candidate on its worst tenth of the photos.</param>
/// <param name="Evidence">Results of both models; null without a baseline.</param>
/// <param name="Decision">Decision of the gate.</param>
internal sealed record ComparisonAssessment(
    ScoreSummary Ours, ScoreSummary? Theirs, CandidateEvidence CandidateAlone, double CandidateWorstTenth, GateEvidence? Evidence,
    GateDecision Decision)
{
    /// <summary>The slices that are checked, and which photos belong to each.</summary>
    private static readonly (string Name, Func<PhotoDifficulty, bool> Contains)[] Slices =
    [
        (nameof(PhotoDifficulty.Dark), d => d.Dark),
        (nameof(PhotoDifficulty.Blurred), d => d.Blurred),
        (nameof(PhotoDifficulty.SmallWindow), d => d.SmallWindow),
    ];

    /// <summary>Computes the statistics of the scores and decides.</summary>
    public static ComparisonAssessment Assess(ComparisonRequest request, IReadOnlyList<PairedScore> scores, CancellationToken cancellation)
    {
        var options = request.Options;
        double[] dice = [.. scores.Select(s => s.Candidate.Scores.Dice)];
        var ours = ScoreSummary.Average(scores.Select(s => s.Candidate));
        var alone = new CandidateEvidence(
            scores.Count, ours.Dice, dice.Count(d => d < options.MissedWindowDice), scores.Count(s => s.Candidate.Coverage == 0));
        var provenance = new GateProvenance(
            request.Candidate.Model.Provenance is not null, request.Baseline is null or { Model.Provenance: not null });
        double worst = ScoreSummary.WorstTenth(dice);
        if (request.Baseline is null)
        {
            return new ComparisonAssessment(ours, null, alone, worst, null, GateRules.DecideWithoutBaseline(alone, provenance, options));
        }

        cancellation.ThrowIfCancellationRequested();
        var theirs = ScoreSummary.Average(scores.Select(s => s.Baseline!));
        var pairs = new ScorePairs(dice, [.. scores.Select(s => s.Baseline!.Scores.Dice)]);
        GateSlice[] slices = [.. Slices.Select(slice => new GateSlice(
            slice.Name, [.. scores.Index().Where(s => slice.Contains(s.Item.Difficulty)).Select(s => s.Index)]))];
        var evidence = GateEvidence.Collect(pairs, ours.IoU - theirs.IoU, slices, options) with
        {
            CandidateEmptyMasks = alone.EmptyMasks,
            BaselineEmptyMasks = scores.Count(s => s.Baseline!.Coverage == 0),
        };
        return new ComparisonAssessment(ours, theirs, alone, worst, evidence, GateRules.Decide(evidence, provenance, options));
    }

    /// <summary>Returns how the models differ on a slice; null when it has no photos or there is no baseline.</summary>
    public SliceEvidence? Slice(string name) => Evidence?.Slices.FirstOrDefault(s => s.Name == name && s.Photos > 0);
}
