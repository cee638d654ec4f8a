namespace WaterMeters;

/// <summary>A photo or a mask that was mended.</summary>
public sealed record DatasetRepair
{
    /// <summary>The pair's name.</summary>
    public required string Name { get; init; }

    /// <summary>What became of it.</summary>
    public required RepairOutcome Outcome { get; init; }

    /// <summary>The checks that found something of it and find it no more, such as <c>MaskJpeg, SizeMismatch</c>.</summary>
    public required string Repairs { get; init; }

    /// <summary>Absolute path of the file now.</summary>
    public required string Path { get; init; }

    /// <summary>Absolute path of the file as it was.</summary>
    public required string OldPath { get; init; }

    /// <summary>SHA-256 of the file now, 64 lower-case hexadecimal digits; null when it was left.</summary>
    public string? NewHash { get; init; }

    /// <summary>SHA-256 of the file as it was.</summary>
    public string? OldHash { get; init; }

    /// <summary>Absolute path of the copy of the file as it was; null when none was kept.</summary>
    public string? BackupPath { get; init; }

    /// <summary>Why it was left, and what to do; null when it was mended.</summary>
    public string? Reason { get; init; }
}
