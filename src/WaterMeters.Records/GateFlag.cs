namespace WaterMeters;

/// <summary>What is to be known about a comparison besides its verdict.</summary>
public enum GateFlag
{
    /// <summary>Fewer photos than a verdict needs.</summary>
    TooFewPhotos,

    /// <summary>Worse, though by less than the margin.</summary>
    WorseWithinMargin,

    /// <summary>The mean Dice is under the lowest that was asked for.</summary>
    BelowMinimumDice,

    /// <summary>The candidate misses significantly more windows.</summary>
    MissesMoreWindows,

    /// <summary>The candidate is worse on photos that have a difficulty in common.</summary>
    WorseOnSlice,

    /// <summary>The candidate does not say which photos it has seen.</summary>
    UnknownProvenance,

    /// <summary>The baseline does not say which photos it has seen.</summary>
    UnknownBaselineProvenance,

    /// <summary>The candidate finds no window at all.</summary>
    CandidateFindsNothing,

    /// <summary>The baseline finds no window at all, so beating it says little.</summary>
    BaselineFindsNothing,

    /// <summary>This test has decided so often that it begins to be learnt by heart.</summary>
    TestUsedOften,

    /// <summary>The ledger of decisions cannot be read or written.</summary>
    LedgerUnreachable,

    /// <summary>The decision was not entered in the ledger, because it was asked so.</summary>
    NotInLedger,
}
