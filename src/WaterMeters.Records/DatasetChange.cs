namespace WaterMeters;

/// <summary>A file that differs between two versions of a data set.</summary>
public sealed record DatasetChange
{
    /// <summary>Path of the file in the folder, with <c>/</c> between names.</summary>
    public required string Name { get; init; }

    /// <summary>How it differs.</summary>
    public required DatasetChangeKind Change { get; init; }

    /// <summary>
    /// Part of the split that the photo belongs to; null for a file that is not a photo, and when its content is not on this machine.
    /// </summary>
    public DatasetSplit? Split { get; init; }

    /// <summary>MD5 of the file in the newer version; null when it is not there.</summary>
    public string? Hash { get; init; }

    /// <summary>MD5 of the file in the older version; null when it was not there.</summary>
    public string? PreviousHash { get; init; }

    /// <summary>Absolute path of the file or folder that was compared.</summary>
    public required string Path { get; init; }

    /// <summary>Absolute path of the file, which may not exist.</summary>
    public required string FilePath { get; init; }
}
