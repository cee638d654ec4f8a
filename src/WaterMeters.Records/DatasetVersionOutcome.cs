namespace WaterMeters;

/// <summary>What was done with a version of a data set.</summary>
public enum DatasetVersionOutcome
{
    /// <summary>A new version was published, or files of it that were missing in the remote.</summary>
    Published,

    /// <summary>Files were restored or removed.</summary>
    Restored,

    /// <summary>Everything was as it should be; nothing was written.</summary>
    Unchanged,

    /// <summary>Nothing was written because of -WhatIf; without it, a version would be published.</summary>
    WouldPublish,

    /// <summary>Nothing was written because of -WhatIf; without it, files would be restored or removed.</summary>
    WouldRestore,
}
