namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>What follows from the evidence.</summary>
/// <param name="Verdict">How the candidate compares with the baseline.</param>
/// <param name="Passed">Whether it may replace the baseline.</param>
/// <param name="Flags">What else is to be known, in words that do not change.</param>
/// <param name="Reason">Why, in sentences.</param>
public sealed record GateDecision(ComparisonVerdict Verdict, bool Passed, IReadOnlyList<GateFlag> Flags, string Reason);
