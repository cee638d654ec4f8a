using WaterMeters.Ml.Evaluation.Gate;

namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>A decision after it went into the ledger, or did not.</summary>
/// <param name="Decision">The decision; it passes no longer when it had to be entered and was not.</param>
/// <param name="Count">What the ledger says; null when it was not asked or did not answer.</param>
/// <param name="Note">What is to be said of the ledger; null when there is nothing.</param>
public sealed record LedgerResult(GateDecision Decision, LedgerCount? Count, string? Note);
