namespace WaterMeters;

/// <summary>Result of merging one pair into a data set.</summary>
public sealed record DatasetMerge
{
    /// <summary>Name of the pair in the data set; its name in the source when it is not in the data set.</summary>
    public required string Name { get; init; }

    /// <summary>What was done with the pair.</summary>
    public required MergeOutcome Outcome { get; init; }

    /// <summary>Part of the split that the photo belongs to; null when the photo is not in the data set.</summary>
    public DatasetSplit? Split { get; init; }

    /// <summary>Absolute path of the photo in the data set; null when it is not there.</summary>
    public string? ImagePath { get; init; }

    /// <summary>Absolute path of the mask in the data set; null when it is not there.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Absolute path of the file that the pair conflicts with, duplicates or resembles; null when there is none.</summary>
    public string? OtherPath { get; init; }

    /// <summary>Absolute path of the source photo; null when the source has only a mask.</summary>
    public string? SourceImagePath { get; init; }

    /// <summary>Absolute path of the source mask; null when the source has only a photo.</summary>
    public string? SourceMaskPath { get; init; }

    /// <summary>Reason for the outcome, and what to do if action is needed.</summary>
    public required string Reason { get; init; }
}
