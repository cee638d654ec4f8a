namespace WaterMeters;

/// <summary>Something a check of a data set found.</summary>
public sealed record DatasetFinding
{
    /// <summary>The check's identifier, such as <c>MaskNotBinary</c>.</summary>
    public required string Check { get; init; }

    /// <summary>Whether it is an error or a warning.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>The sample it is about, or empty when it is about the whole set.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the file it is about.</summary>
    public required string Path { get; init; }

    /// <summary>Absolute path of the other file it is about, such as the photo that a duplicate repeats; null when there is none.</summary>
    public string? OtherPath { get; init; }

    /// <summary>What was found, and what to do.</summary>
    public required string Message { get; init; }
}
