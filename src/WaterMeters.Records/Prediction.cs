namespace WaterMeters;

/// <summary>The digit window that a model found on one photo.</summary>
public sealed record Prediction
{
    /// <summary>Absolute path of the photo.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Absolute path of the mask that was written; null without an output folder.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Absolute path of the copy of the photo with the mask's outline; null unless requested.</summary>
    public string? OverlayPath { get; init; }

    /// <summary>
    /// Absolute path of the file with the window of the largest region, turned level; null without -CropPath, or if nothing was found.
    /// </summary>
    public string? CropPath { get; init; }

    /// <summary>
    /// Whether the digits stand upright once Angle is turned back to 0: True, or False if they stand on their heads, and then CropPath is
    /// turned by 180 degrees more. It is told by red drums at one end; null where there are none, where the colours are not clear, and
    /// without CropPath.
    /// </summary>
    public bool? DigitsUpright { get; init; }

    /// <summary>Width of the photo in pixels, after EXIF orientation.</summary>
    public int Width { get; init; }

    /// <summary>Height of the photo in pixels, after EXIF orientation.</summary>
    public int Height { get; init; }

    /// <summary>Fraction of the mask that is foreground, 0..1.</summary>
    public double Coverage { get; init; }

    /// <summary>Left edge of the largest region, in pixels of the photo; null when nothing was found.</summary>
    public int? X { get; init; }

    /// <summary>Top edge of the largest region, in pixels of the photo; null when nothing was found.</summary>
    public int? Y { get; init; }

    /// <summary>Width of the largest region, in pixels of the photo; null when nothing was found.</summary>
    public int? BoxWidth { get; init; }

    /// <summary>Height of the largest region, in pixels of the photo; null when nothing was found.</summary>
    public int? BoxHeight { get; init; }

    /// <summary>
    /// Angle of the longer side of the minimum-area rectangle around the largest region, in degrees from horizontal, (-90, 90],
    /// positive clockwise; null when nothing was found.
    /// </summary>
    public double? Angle { get; init; }

    /// <summary>Number of connected regions in the mask; a good prediction has 1, and 0 means that nothing was found.</summary>
    public int Regions { get; init; }

    /// <summary>
    /// Mean probability of the network inside the mask, 0..1; not a calibrated probability of being right; null when nothing was found.
    /// </summary>
    public double? Confidence { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Absolute path of the model file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Numeric precision used: Float32 or BFloat16.</summary>
    public Precision Precision { get; init; }

    /// <summary>Processing time from reading the photo to writing its last file, waiting excluded.</summary>
    public TimeSpan Duration { get; init; }
}
