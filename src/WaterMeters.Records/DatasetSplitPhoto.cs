namespace WaterMeters;

/// <summary>A photo whose part does not follow from its own file alone.</summary>
public sealed record DatasetSplitPhoto
{
    /// <summary>File name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the photo.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The part that it is in.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>The part that its own hash alone would put it into.</summary>
    public required DatasetSplit HashSplit { get; init; }

    /// <summary>Why it is not left to its hash.</summary>
    public required SplitReason Reason { get; init; }

    /// <summary>Whether it is in no part because it follows photos of two, as after joining two branches.</summary>
    public bool IsDisputed { get; init; }

    /// <summary>Absolute path of the photo that it resembles; empty when that one, or the file before its repair, is not in the set.</summary>
    public string? OtherPath { get; init; }

    /// <summary>SHA-256 of that file.</summary>
    public required string OtherHash { get; init; }
}
