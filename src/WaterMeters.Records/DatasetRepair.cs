namespace WaterMeters;

/// <summary>Result of repairing one photo or mask.</summary>
public sealed record DatasetRepair
{
    /// <summary>Name of the pair.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the file was repaired.</summary>
    public required RepairOutcome Outcome { get; init; }

    /// <summary>Checks whose findings the repair removes, separated by commas, such as <c>MaskJpeg, SizeMismatch</c>.</summary>
    public required string Repairs { get; init; }

    /// <summary>Absolute path of the file after the repair.</summary>
    public required string Path { get; init; }

    /// <summary>Absolute path of the file before the repair.</summary>
    public required string OldPath { get; init; }

    /// <summary>SHA-256 of the file after the repair, 64 lower-case hexadecimal digits; null when it cannot be repaired.</summary>
    public string? NewHash { get; init; }

    /// <summary>SHA-256 of the file before the repair, 64 lower-case hexadecimal digits.</summary>
    public string? OldHash { get; init; }

    /// <summary>Absolute path of the copy that is kept of the original file; null without one.</summary>
    public string? BackupPath { get; init; }

    /// <summary>Why the file cannot be repaired and what to do; null when it can.</summary>
    public string? Reason { get; init; }
}
