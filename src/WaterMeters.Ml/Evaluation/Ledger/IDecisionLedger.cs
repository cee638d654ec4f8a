namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>Remembers how often a test has decided: a test that is asked again and again is learnt by heart in the end.</summary>
public interface IDecisionLedger
{
    /// <summary>Enters a decision and counts those of the same test.</summary>
    /// <exception cref="DatasetException">The ledger cannot be read or written; nothing was entered.</exception>
    LedgerCount Enter(LedgerEntry entry);
}
