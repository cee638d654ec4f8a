namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>What a ledger says of a test.</summary>
/// <param name="Decisions">How many different questions the test has answered, the one just entered included.</param>
/// <param name="Path">Where that one stands.</param>
/// <param name="Damaged">Entries that are none and were not counted.</param>
public sealed record LedgerCount(int Decisions, string Path, IReadOnlyList<string> Damaged);
