namespace WaterMeters;

/// <summary>How a file differs between two versions.</summary>
public enum DatasetChangeKind
{
    /// <summary>Only the newer version has it.</summary>
    Added,

    /// <summary>Only the older version has it.</summary>
    Removed,

    /// <summary>Both have it, with different content.</summary>
    Changed,
}
