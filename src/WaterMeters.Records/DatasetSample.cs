namespace WaterMeters;

/// <summary>One pair of a data set: a photo and its mask.</summary>
public sealed record DatasetSample
{
    /// <summary>File name without extension, which matches a photo to its mask.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the photo.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Absolute path of the mask; null when there is none.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Width of the photo in pixels, after EXIF orientation.</summary>
    public int Width { get; init; }

    /// <summary>Height of the photo in pixels, after EXIF orientation.</summary>
    public int Height { get; init; }

    /// <summary>Width of the mask in pixels; null without a mask.</summary>
    public int? MaskWidth { get; init; }

    /// <summary>Height of the mask in pixels; null without a mask.</summary>
    public int? MaskHeight { get; init; }

    /// <summary>Fraction of the mask that is foreground, 0..1; null without a mask.</summary>
    public double? Coverage { get; init; }

    /// <summary>Part of the split that the photo belongs to.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>SHA-256 of the photo file, 64 lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }
}
