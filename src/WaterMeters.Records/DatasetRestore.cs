namespace WaterMeters;

/// <summary>A version of a file or folder that was put in place.</summary>
public sealed record DatasetRestore
{
    /// <summary>Absolute path of the file or folder.</summary>
    public required string Path { get; init; }

    /// <summary>What was done.</summary>
    public required DatasetVersionOutcome Outcome { get; init; }

    /// <summary>The version: the MD5 of the file, or of the listing of the folder and <c>.dir</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Number of files in the version.</summary>
    public required long FileCount { get; init; }

    /// <summary>Number of files that were written.</summary>
    public required long WrittenCount { get; init; }

    /// <summary>Number of files that were removed, because the version does not have them.</summary>
    public required long RemovedCount { get; init; }

    /// <summary>Number of files that stayed although the version does not have them: they were never published.</summary>
    public required long KeptCount { get; init; }

    /// <summary>Number of files that came from the remote; the others were in the cache.</summary>
    public required long ReceivedCount { get; init; }

    /// <summary>Bytes that came from the remote.</summary>
    public required long ReceivedBytes { get; init; }

    /// <summary>Absolute path of the .dvc file.</summary>
    public required string DvcPath { get; init; }
}
