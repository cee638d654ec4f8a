namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>What becomes of a decision.</summary>
public enum LedgerUse
{
    /// <summary>It is entered in the ledger.</summary>
    Enter,

    /// <summary>It is not entered, because somebody asked so.</summary>
    Leave,

    /// <summary>It is only foretold: nothing is entered, and nothing passes.</summary>
    Foretell,
}
