namespace WaterMeters;

/// <summary>A photo and its mask.</summary>
public sealed record DatasetSample
{
    /// <summary>File name without extension; what pairs a photo with its mask.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the photo.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Absolute path of the mask; empty when there is none.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Width of the photo as a viewer shows it, pixels.</summary>
    public int Width { get; init; }

    /// <summary>Height of the photo as a viewer shows it, pixels.</summary>
    public int Height { get; init; }

    /// <summary>Width of the mask, pixels.</summary>
    public int MaskWidth { get; init; }

    /// <summary>Height of the mask, pixels.</summary>
    public int MaskHeight { get; init; }

    /// <summary>Fraction of the mask that is meter, 0..1.</summary>
    public double Coverage { get; init; }

    /// <summary>The part of the data set it belongs to.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>SHA-256 of the photo's file, 64 lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }
}
