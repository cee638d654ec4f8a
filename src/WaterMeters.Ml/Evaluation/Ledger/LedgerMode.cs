namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>Whether a decision is recorded.</summary>
public enum LedgerMode
{
    /// <summary>It is recorded in the ledger.</summary>
    Enter,

    /// <summary>It is not recorded, as requested.</summary>
    Skip,

    /// <summary>It is only shown: nothing is recorded, and nothing passes.</summary>
    Preview,
}
