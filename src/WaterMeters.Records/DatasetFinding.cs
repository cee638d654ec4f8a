namespace WaterMeters;

/// <summary>One problem that a check found in a data set.</summary>
public sealed record DatasetFinding
{
    /// <summary>Identifier of the check, such as <c>MaskNotBinary</c>.</summary>
    public required string Check { get; init; }

    /// <summary>Severity: error or warning.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>Name of the pair concerned; empty when the finding concerns the whole data set.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the file concerned.</summary>
    public required string Path { get; init; }

    /// <summary>Absolute path of a second file concerned, such as the original of a duplicate photo; null when there is none.</summary>
    public string? OtherPath { get; init; }

    /// <summary>What was found and what to do about it.</summary>
    public required string Message { get; init; }
}
