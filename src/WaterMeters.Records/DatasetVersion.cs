namespace WaterMeters;

/// <summary>A published version of a file or folder.</summary>
public sealed record DatasetVersion
{
    /// <summary>Absolute path of the file or folder.</summary>
    public required string Path { get; init; }

    /// <summary>What was done.</summary>
    public required DatasetVersionOutcome Outcome { get; init; }

    /// <summary>The version: the MD5 of the file, or of the listing of the folder and <c>.dir</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The version before; null when there was none.</summary>
    public string? PreviousVersion { get; init; }

    /// <summary>Number of files in the version.</summary>
    public required long FileCount { get; init; }

    /// <summary>Bytes of these files.</summary>
    public required long Bytes { get; init; }

    /// <summary>Number of files that were read; the others had not changed since the last time.</summary>
    public required long ReadCount { get; init; }

    /// <summary>Number of files that the remote did not have and that were sent.</summary>
    public required long SentCount { get; init; }

    /// <summary>Bytes of the files that were sent.</summary>
    public required long SentBytes { get; init; }

    /// <summary>Number of damaged files in the remote that were replaced; null without -Verify.</summary>
    public long? RepairedCount { get; init; }

    /// <summary>Name of the remote; null when the version is not sent to one.</summary>
    public string? Remote { get; init; }

    /// <summary>Address of the remote; null when the version is not sent to one.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Absolute path of the .dvc file, which belongs into git.</summary>
    public required string DvcPath { get; init; }
}
