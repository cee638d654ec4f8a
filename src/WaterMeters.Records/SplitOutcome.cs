namespace WaterMeters;

/// <summary>What was done with the split of a data set.</summary>
public enum SplitOutcome
{
    /// <summary>The split was already stored like this; nothing was written.</summary>
    Unchanged,

    /// <summary>The split was stored.</summary>
    Stored,

    /// <summary>
    /// Nothing was written because of -WhatIf, or because the answer to -Confirm was no; the report is that of the new split.
    /// </summary>
    WouldStore,
}
