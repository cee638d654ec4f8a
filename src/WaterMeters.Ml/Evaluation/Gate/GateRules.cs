using System.Globalization;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Decides whether a candidate may replace the baseline. Without evidence for it, a candidate does not pass.</summary>
public static class GateRules
{
    /// <summary>Decides on a candidate that was compared with a baseline.</summary>
    /// <param name="evidence">Results of both models.</param>
    /// <param name="provenance">Whether the models record which photos they have seen.</param>
    /// <param name="options">Policy and thresholds.</param>
    public static GateDecision Decide(GateEvidence evidence, GateProvenance provenance, GateOptions options)
    {
        options.Check();
        var (verdict, flags, comparison) = Compare(evidence, options);
        List<string> reasons = [comparison];
        bool passed = options.Policy switch
        {
            GatePolicy.Superior => verdict is ComparisonVerdict.Superior,
            GatePolicy.NonInferior => verdict is ComparisonVerdict.Superior or ComparisonVerdict.NonInferior,
            GatePolicy.Strict => evidence.Difference > 0 && evidence.IoUDifference > 0,
            _ => false,
        };
        if (!passed) reasons.Add($"This does not satisfy the policy {options.Policy}.");

        if (evidence.CandidateFindsNothing)
        {
            Block(GateFlag.CandidateFindsNothing, FindsNothing(evidence.CandidateEmptyMasks, evidence.Photos));
        }

        if (!(evidence.CandidateDice >= (options.MinimumDice ?? 0)))
        {
            Block(
                GateFlag.BelowMinimumDice,
                $"The mean Dice of {Score(evidence.CandidateDice)} is below the required minimum of {Score(options.MinimumDice!.Value)}.");
        }

        if (evidence.MissesPValue < options.MissedWindowAlpha)
        {
            Block(
                GateFlag.MissesMoreWindows,
                $"The candidate misses more windows: {evidence.CandidateMisses} that the baseline finds, against {evidence.BaselineMisses} "
                + $"the other way round (p = {Score(evidence.MissesPValue)}).");
        }

        foreach (var slice in evidence.Slices.Where(s => s.Blocks))
        {
            Block(
                GateFlag.WorseOnSlice,
                $"The candidate is worse on the {slice.Photos} photos of the slice {slice.Name}: {Signed(slice.Difference)} Dice "
                + $"(interval {Signed(slice.Lower)} to {Signed(slice.Upper)}).");
        }

        if (evidence.BaselineFindsNothing)
        {
            flags.Add(GateFlag.BaselineFindsNothing);
            reasons.Add("The baseline finds no window at all, so beating it proves little.");
        }

        CheckProvenance(provenance, options, flags, reasons, ref passed);
        return new GateDecision(verdict, passed, [.. flags], string.Join(" ", reasons));

        void Block(GateFlag flag, string reason)
        {
            passed = false;
            flags.Add(flag);
            reasons.Add(reason);
        }
    }

    /// <summary>Decides on a candidate without a baseline: it passes only with a required minimum of the mean Dice.</summary>
    /// <param name="evidence">Results of the candidate.</param>
    /// <param name="provenance">Whether the candidate records which photos it has seen.</param>
    /// <param name="options">Policy and thresholds.</param>
    public static GateDecision DecideWithoutBaseline(CandidateEvidence evidence, GateProvenance provenance, GateOptions options)
    {
        options.Check();
        List<GateFlag> flags = [];
        List<string> reasons =
            [$"There is no baseline. The candidate has a mean Dice of {Score(evidence.Dice)} on {Photos(evidence.Photos)}."];
        bool passed = false;
        if (options.MinimumDice is not { } minimum)
        {
            reasons.Add("Without a baseline it can pass only with a required minimum; set -MinimumDice, or gate.minimumDice in wms.yaml.");
        }
        else if (!(evidence.Dice >= minimum))
        {
            flags.Add(GateFlag.BelowMinimumDice);
            reasons.Add($"This is below the required minimum of {Score(minimum)}.");
        }
        else if (evidence.Photos < options.MinimumPhotos)
        {
            flags.Add(GateFlag.TooFewPhotos);
            reasons.Add(TooFewPhotos(evidence.Photos, options));
        }
        else
        {
            passed = true;
            reasons.Add($"This meets the required minimum of {Score(minimum)}.");
        }

        if (evidence.FindsNothing)
        {
            passed = false;
            flags.Add(GateFlag.CandidateFindsNothing);
            reasons.Add(FindsNothing(evidence.EmptyMasks, evidence.Photos));
        }

        CheckProvenance(provenance, options, flags, reasons, ref passed);
        return new GateDecision(ComparisonVerdict.NoBaseline, passed, [.. flags], string.Join(" ", reasons));
    }

    /// <summary>Returns the first verdict that applies, with its flags and a sentence that explains it.</summary>
    private static (ComparisonVerdict Verdict, List<GateFlag> Flags, string Reason) Compare(GateEvidence e, GateOptions options)
    {
        string confidence = options.Confidence.ToString("0.##%", CultureInfo.InvariantCulture);
        string difference = $"{Signed(e.Difference)} Dice on the same {Photos(e.Photos)} "
            + $"({Score(e.CandidateDice)} against {Score(e.BaselineDice)}; "
            + $"{confidence} interval {Signed(e.Lower)} to {Signed(e.Upper)}; p = {Score(e.PValue)})";
        if (e.Photos < options.MinimumPhotos)
        {
            return (ComparisonVerdict.Inconclusive, [GateFlag.TooFewPhotos], $"{difference}. {TooFewPhotos(e.Photos, options)}");
        }

        if (e.Lower > 0 && e.PValue <= options.AlphaFor(e.Photos)) return (ComparisonVerdict.Superior, [], $"{difference}: better.");
        if (e.Lower > -options.Margin)
        {
            return e.Upper < 0
                ? (ComparisonVerdict.NonInferior, [GateFlag.WorseWithinMargin],
                    $"{difference}: worse, but by less than the margin of {Score(options.Margin)}.")
                : (ComparisonVerdict.NonInferior, [],
                    $"{difference}: not proven better, but not worse by more than the margin of {Score(options.Margin)}.");
        }

        return e.Upper < 0
            ? (ComparisonVerdict.Inferior, [], $"{difference}: worse.")
            : (ComparisonVerdict.Inconclusive, [],
                $"{difference}. Inconclusive: with this many photos only a gain of at least {Score(e.SmallestVisible)} Dice "
                + "can be detected.");
    }

    private static void CheckProvenance(
        GateProvenance provenance, GateOptions options, List<GateFlag> flags, List<string> reasons, ref bool passed)
    {
        if (!provenance.CandidateKnown)
        {
            flags.Add(GateFlag.UnknownProvenance);
            reasons.Add("The candidate does not record which photos it has seen, so it may have seen these"
                + (options.AllowUnknownProvenance ? "; allowed by -Force." : ". Use -Force to allow that."));
            passed &= options.AllowUnknownProvenance;
        }

        if (!provenance.BaselineKnown)
        {
            flags.Add(GateFlag.UnknownBaselineProvenance);
            reasons.Add("The baseline does not record which photos it has seen; it may have seen some of these.");
        }
    }

    private static string FindsNothing(int emptyMasks, int photos) => emptyMasks == photos
        ? $"The candidate predicts nothing: its mask is empty on {All(photos)}."
        : $"The candidate misses the window on {All(photos)}.";

    private static string TooFewPhotos(int photos, GateOptions options) =>
        $"A verdict needs {Photos(options.MinimumPhotos)}; add {options.MinimumPhotos - photos} more.";

    private static string Photos(int count) => count == 1 ? "1 photo" : $"{count} photos";

    private static string All(int photos) => photos == 1 ? "the only photo" : $"all {photos} photos";

    private static string Score(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}

/// <summary>Outcome of the gate.</summary>
/// <param name="Verdict">How the candidate compares with the baseline.</param>
/// <param name="Passed">Whether it may replace the baseline.</param>
/// <param name="Flags">Remarks for programs; their names do not change.</param>
/// <param name="Reason">Explanation in sentences.</param>
public sealed record GateDecision(ComparisonVerdict Verdict, bool Passed, IReadOnlyList<GateFlag> Flags, string Reason);

/// <summary>Whether the models record which photos they have seen.</summary>
/// <param name="CandidateKnown">Whether the candidate does.</param>
/// <param name="BaselineKnown">Whether the baseline does; true without one.</param>
public readonly record struct GateProvenance(bool CandidateKnown, bool BaselineKnown);
