namespace WaterMeters;

/// <summary>What was done with a pair that was merged into a data set.</summary>
public enum MergeOutcome
{
    /// <summary>The pair was copied.</summary>
    Added,

    /// <summary>The pair was copied under another name, because its own was taken.</summary>
    Renamed,

    /// <summary>The photo already exists with the same mask; nothing was copied.</summary>
    AlreadyThere,

    /// <summary>Another photo or mask already has this name; nothing was copied.</summary>
    NameConflict,

    /// <summary>The photo already exists with another mask; nothing was copied.</summary>
    MaskConflict,

    /// <summary>
    /// The files are not a pair, cannot be read or written, or have an error that Test-WmsDataset reports; the pair was not copied.
    /// </summary>
    Unusable,

    /// <summary>Nothing was written because of -WhatIf; without it the pair would be copied.</summary>
    WouldAdd,

    /// <summary>Nothing was written because of -WhatIf; without it the pair would be copied under another name.</summary>
    WouldRename,
}
