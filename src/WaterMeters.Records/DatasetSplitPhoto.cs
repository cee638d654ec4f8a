namespace WaterMeters;

/// <summary>A photo whose part of the split is not determined by its own hash alone.</summary>
public sealed record DatasetSplitPhoto
{
    /// <summary>File name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the photo.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Part that the photo is in.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>Part that the hash of the photo alone would give.</summary>
    public required DatasetSplit HashSplit { get; init; }

    /// <summary>Reason why the hash does not decide.</summary>
    public required SplitReason Reason { get; init; }

    /// <summary>Whether two split overrides put the photo into two parts, so it is in none; happens after merging two branches.</summary>
    public bool IsDisputed { get; init; }

    /// <summary>Absolute path of the photo it resembles; null when that photo, or the file before repair, is not in the set.</summary>
    public string? OtherPath { get; init; }

    /// <summary>SHA-256 of the photo it resembles, or of the file before its repair, 64 lower-case hexadecimal digits.</summary>
    public required string OtherHash { get; init; }
}
