namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>
/// Records decisions and counts how many a test has made: choosing among models on the same photos again and again fits them to those
/// photos.
/// </summary>
public interface IDecisionLedger
{
    /// <summary>Records a decision and counts the decisions of the same test.</summary>
    /// <exception cref="DatasetException">The ledger cannot be read or written; nothing was recorded.</exception>
    LedgerCount Record(LedgerEntry entry);
}

/// <summary>Decisions of one test in a ledger.</summary>
/// <param name="Decisions">Number of different questions the test has answered, including the one just recorded.</param>
/// <param name="Path">File of the entry just recorded.</param>
/// <param name="Damaged">Unreadable entries, not counted.</param>
public sealed record LedgerCount(int Decisions, string Path, IReadOnlyList<string> Damaged);
