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
}
