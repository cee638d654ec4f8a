namespace WaterMeters;

/// <summary>What became of a pair that was to join a data set.</summary>
public sealed record DatasetMerge
{
    /// <summary>Its name in the data set, or the one it has where it comes from.</summary>
    public required string Name { get; init; }

    /// <summary>What became of it.</summary>
    public required MergeOutcome Outcome { get; init; }

    /// <summary>The part of the data set that the photo is in; null when it is in no data set.</summary>
    public DatasetSplit? Split { get; init; }

    /// <summary>Absolute path of the photo in the data set; null when it is not there.</summary>
    public string? ImagePath { get; init; }

    /// <summary>Absolute path of the mask in the data set; null when it is not there.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Absolute path of the file that it contradicts, repeats or resembles; null when there is none.</summary>
    public string? OtherPath { get; init; }

    /// <summary>Absolute path of the photo that was to be added; null where there is a mask alone.</summary>
    public string? SourceImagePath { get; init; }

    /// <summary>Absolute path of the mask that was to be added; null where there is a photo alone.</summary>
    public string? SourceMaskPath { get; init; }

    /// <summary>Why, and what to do where something is to be done.</summary>
    public required string Reason { get; init; }
}
