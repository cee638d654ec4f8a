namespace WaterMeters;

/// <summary>Additional information about a comparison, besides its verdict.</summary>
public enum GateFlag
{
    /// <summary>There are fewer photos than a verdict needs.</summary>
    TooFewPhotos,

    /// <summary>The candidate is worse, but by less than the margin.</summary>
    WorseWithinMargin,

    /// <summary>The mean Dice of the candidate is below the required minimum.</summary>
    BelowMinimumDice,

    /// <summary>The candidate misses significantly more windows than the baseline.</summary>
    MissesMoreWindows,

    /// <summary>The candidate is worse on a group of difficult photos: dark, blurred, or with a small window.</summary>
    WorseOnSlice,

    /// <summary>The candidate does not record which photos it has seen.</summary>
    UnknownProvenance,

    /// <summary>The baseline does not record which photos it has seen.</summary>
    UnknownBaselineProvenance,

    /// <summary>The candidate finds no window at all.</summary>
    CandidateFindsNothing,

    /// <summary>The baseline finds no window at all, so beating it proves little.</summary>
    BaselineFindsNothing,

    /// <summary>This test part has been used for so many decisions that models may be overfitting to it.</summary>
    TestUsedOften,

    /// <summary>The ledger of decisions cannot be read or written.</summary>
    LedgerUnreachable,

    /// <summary>The decision was not recorded in the ledger, as requested.</summary>
    NotInLedger,
}
