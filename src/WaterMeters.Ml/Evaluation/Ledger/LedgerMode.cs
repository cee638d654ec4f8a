namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>Whether a decision is recorded.</summary>
public enum LedgerMode
{
    /// <summary>Records the decision.</summary>
    Record,

    /// <summary>Does not record it, as requested; it can still pass.</summary>
    Skip,

    /// <summary>Only shows the outcome: nothing is recorded, and nothing passes.</summary>
    Preview,
}
