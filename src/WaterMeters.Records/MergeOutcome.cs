namespace WaterMeters;

/// <summary>What became of a pair that was to join a data set.</summary>
public enum MergeOutcome
{
    /// <summary>It was copied.</summary>
    Added,

    /// <summary>It was copied under another name, for its own was taken.</summary>
    Renamed,

    /// <summary>Its photo is there already, with the same mask; nothing was copied.</summary>
    AlreadyThere,

    /// <summary>Another photo, or another mask, has its name; nothing was copied.</summary>
    NameConflict,

    /// <summary>Its photo is there already, with another mask; nothing was copied.</summary>
    MaskConflict,

    /// <summary>It is no pair, cannot be read, or has a fault that Test-WmsDataset calls an error; nothing was copied.</summary>
    Unusable,
}
