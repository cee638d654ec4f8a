using System.Globalization;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Registry;

/// <summary>The decision of the gate as tags of a run and of a version: what was compared, and why it passed or not.</summary>
public static class GateTags
{
    /// <summary>What the keys of these tags start with.</summary>
    public const string Prefix = "watermeters.gate.";

    /// <summary>Returns the tags of a decision.</summary>
    public static Dictionary<string, string> Of(ModelComparison decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var tags = new Dictionary<string, string>();
        Add("verdict", decision.Verdict);
        Add("passed", decision.Passed ? "true" : "false");
        Add("policy", decision.Policy);
        Add("reason", decision.Reason);
        Add("flags", decision.Flags);
        Add("photos", decision.Photos);
        Add("dice_candidate", decision.CandidateDice);
        Add("dice_baseline", decision.BaselineDice);
        Add("dice_difference", decision.DiceDifference);
        Add("dice_lower", decision.DiceLower);
        Add("dice_upper", decision.DiceUpper);
        Add("p_value", decision.PValue);
        Add("alpha", decision.EffectiveAlpha);
        Add("baseline_digest", decision.BaselineDigest);
        Add("test_digest", decision.TestDigest);
        Add("decisions", decision.Decisions);
        return tags;

        void Add(string key, object? value)
        {
            string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            if (text.Length > TrackingLimits.TagValue) text = text[..TrackingLimits.TagValue];
            if (text.Length > 0) tags[Prefix + key] = text;
        }
    }
}
