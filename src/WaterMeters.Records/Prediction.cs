namespace WaterMeters;

/// <summary>The digit window that a model found on one photo.</summary>
public sealed record Prediction
{
    /// <summary>The photo.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The mask that was written; empty without an output folder.</summary>
    public string? MaskPath { get; init; }

    /// <summary>The photo with the mask's outline; empty unless asked for.</summary>
    public string? OverlayPath { get; init; }

    /// <summary>Width of the photo as a viewer shows it, pixels.</summary>
    public int Width { get; init; }

    /// <summary>Height of the photo as a viewer shows it, pixels.</summary>
    public int Height { get; init; }

    /// <summary>Fraction of the photo that is window, 0..1.</summary>
    public double Coverage { get; init; }

    /// <summary>Left edge of the largest region, pixels of the photo.</summary>
    public int X { get; init; }

    /// <summary>Top edge of the largest region, pixels of the photo.</summary>
    public int Y { get; init; }

    /// <summary>Width of the largest region, pixels of the photo.</summary>
    public int BoxWidth { get; init; }

    /// <summary>Height of the largest region, pixels of the photo.</summary>
    public int BoxHeight { get; init; }

    /// <summary>Direction of the longer side of the smallest rectangle around the largest region, degrees from horizontal, clockwise on the screen.</summary>
    public double Angle { get; init; }

    /// <summary>Connected regions in the mask; 1 is what a good prediction has, 0 means that nothing was found.</summary>
    public int Regions { get; init; }

    /// <summary>Mean of the network's probability inside the mask, 0..1; no calibrated chance of being right. 0 when nothing was found.</summary>
    public double Confidence { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The model's file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The numbers it computed with.</summary>
    public Precision Precision { get; init; }

    /// <summary>From reading the photo to its last written file, waiting not counted.</summary>
    public TimeSpan Duration { get; init; }
}
