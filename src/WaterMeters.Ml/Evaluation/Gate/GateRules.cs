using System.Globalization;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Decides whether a candidate may replace the baseline. What is not shown does not pass.</summary>
public static class GateRules
{
    /// <summary>Decides on evidence.</summary>
    /// <param name="evidence">What the photos say.</param>
    /// <param name="provenance">What is known of the photos that the models have seen.</param>
    /// <param name="options">What is asked for.</param>
    public static GateDecision Decide(GateEvidence evidence, GateProvenance provenance, GateOptions options)
    {
        options.Check();
        var (verdict, flags, found) = Compare(evidence, options);
        List<string> reasons = [found];
        bool passed = options.Policy switch
        {
            GatePolicy.Superior => verdict is ComparisonVerdict.Superior,
            GatePolicy.NonInferior => verdict is ComparisonVerdict.Superior or ComparisonVerdict.NonInferior,
            GatePolicy.Strict => evidence.Difference > 0 && evidence.IoUDifference > 0,
            _ => false,
        };
        if (!passed) reasons.Add($"The policy {options.Policy} asks for more.");

        if (evidence.CandidateFindsNothing) Block(GateFlag.CandidateFindsNothing, Nothing(evidence.CandidateEmptyMasks, evidence.Photos));
        if (!(evidence.CandidateDice >= (options.MinimumDice ?? 0)))
        {
            Block(GateFlag.BelowMinimumDice, $"A mean Dice of {Score(evidence.CandidateDice)} is under the {Score(options.MinimumDice!.Value)} that is asked for.");
        }

        if (evidence.MissesPValue < options.MissedWindowAlpha)
        {
            Block(GateFlag.MissesMoreWindows, $"The candidate alone misses {evidence.CandidateMisses} windows, the baseline alone {evidence.BaselineMisses} (p = {Score(evidence.MissesPValue)}).");
        }

        foreach (var slice in evidence.Slices.Where(s => s.Blocks))
        {
            Block(GateFlag.WorseOnSlice, $"The candidate is worse on the {slice.Photos} photos of the slice {slice.Name}: {Signed(slice.Difference)} Dice, from {Signed(slice.Lower)} to {Signed(slice.Upper)}.");
        }

        if (evidence.BaselineFindsNothing)
        {
            flags.Add(GateFlag.BaselineFindsNothing);
            reasons.Add("The baseline finds no window at all, so this comparison says little.");
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

    /// <summary>Decides on a candidate that has no baseline: it passes only by a mean Dice that was asked for.</summary>
    /// <param name="evidence">What the photos say of the candidate.</param>
    /// <param name="provenance">What is known of the photos that the candidate has seen.</param>
    /// <param name="options">What is asked for.</param>
    public static GateDecision DecideWithoutBaseline(CandidateEvidence evidence, GateProvenance provenance, GateOptions options)
    {
        options.Check();
        List<GateFlag> flags = [];
        List<string> reasons = [$"There is no baseline; the candidate has a mean Dice of {Score(evidence.Dice)} on {evidence.Photos} photos."];
        bool passed = false;
        if (options.MinimumDice is not { } minimum)
        {
            reasons.Add("It passes only when a lowest Dice is named with -MinimumDice.");
        }
        else if (!(evidence.Dice >= minimum))
        {
            flags.Add(GateFlag.BelowMinimumDice);
            reasons.Add($"That is under the {Score(minimum)} that is asked for.");
        }
        else if (evidence.Photos < options.MinimumPhotos)
        {
            flags.Add(GateFlag.TooFewPhotos);
            reasons.Add(Missing(evidence.Photos, options));
        }
        else
        {
            passed = true;
            reasons.Add($"That is not under the {Score(minimum)} that is asked for.");
        }

        if (evidence.FindsNothing)
        {
            passed = false;
            flags.Add(GateFlag.CandidateFindsNothing);
            reasons.Add(Nothing(evidence.EmptyMasks, evidence.Photos));
        }

        CheckProvenance(provenance, options, flags, reasons, ref passed);
        return new GateDecision(ComparisonVerdict.NoBaseline, passed, [.. flags], string.Join(" ", reasons));
    }

    /// <summary>The verdict: the first that holds.</summary>
    private static (ComparisonVerdict Verdict, List<GateFlag> Flags, string Found) Compare(GateEvidence e, GateOptions options)
    {
        string difference = $"{Signed(e.Difference)} Dice on the same {e.Photos} photos ({Score(e.CandidateDice)} against {Score(e.BaselineDice)}), from {Signed(e.Lower)} to {Signed(e.Upper)} with {options.Confidence.ToString("0.##%", CultureInfo.InvariantCulture)} confidence, p = {Score(e.PValue)}";
        if (e.Photos < options.MinimumPhotos) return (ComparisonVerdict.Inconclusive, [GateFlag.TooFewPhotos], $"{difference}. {Missing(e.Photos, options)}");
        if (e.Lower > 0 && e.PValue <= options.AlphaFor(e.Photos)) return (ComparisonVerdict.Superior, [], $"{difference}: better.");
        if (e.Lower > -options.Margin)
        {
            return e.Upper < 0
                ? (ComparisonVerdict.NonInferior, [GateFlag.WorseWithinMargin], $"{difference}: worse, by less than the margin of {Score(options.Margin)}.")
                : (ComparisonVerdict.NonInferior, [], $"{difference}: not shown to be better, and worse by no more than the margin of {Score(options.Margin)}.");
        }

        return e.Upper < 0
            ? (ComparisonVerdict.Inferior, [], $"{difference}: worse.")
            : (ComparisonVerdict.Inconclusive, [], $"{difference}: the photos do not decide it. So many show a difference from {Score(e.SmallestVisible)} on.");
    }

    private static void CheckProvenance(GateProvenance provenance, GateOptions options, List<GateFlag> flags, List<string> reasons, ref bool passed)
    {
        if (!provenance.CandidateKnown)
        {
            flags.Add(GateFlag.UnknownProvenance);
            reasons.Add("The candidate does not say which photos it has seen, so an unseen test cannot be promised" + (options.AllowUnknownProvenance ? "; it was let through by -Force." : ". Use -Force to let it through all the same."));
            passed &= options.AllowUnknownProvenance;
        }

        if (!provenance.BaselineKnown)
        {
            flags.Add(GateFlag.UnknownBaselineProvenance);
            reasons.Add("The baseline does not say which photos it has seen; it may know some of these.");
        }
    }

    private static string Nothing(int emptyMasks, int photos) => emptyMasks == photos
        ? $"The candidate predicts nothing: its mask is empty on all {photos} photos."
        : $"The candidate misses the window on all {photos} photos.";

    private static string Missing(int photos, GateOptions options)
    {
        int missing = options.MinimumPhotos - photos;
        return $"{missing} {(missing == 1 ? "photo is" : "photos are")} missing to the {options.MinimumPhotos} that a verdict needs.";
    }

    private static string Score(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}
