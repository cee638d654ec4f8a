namespace WaterMeters.Ml.Reporting.PredictionReports;

/// <summary>The images of a prediction for a page.</summary>
internal sealed record PredictionImage
{
    /// <summary>The whole photo, small, as a JPEG file; empty when it cannot be shown.</summary>
    public byte[] Photo { get; init; } = [];

    /// <summary>Width of the photo's image in pixels.</summary>
    public int Width { get; init; }

    /// <summary>Height of the photo's image in pixels.</summary>
    public int Height { get; init; }

    /// <summary>SVG path of the outline of the mask in the photo's image; empty without a mask.</summary>
    public string Outline { get; init; } = "";

    /// <summary>SVG path of the rotated box in the photo's image; empty when nothing was found.</summary>
    public string Box { get; init; } = "";

    /// <summary>The window, level and close up, as a JPEG file; empty when nothing was found.</summary>
    public byte[] Window { get; init; } = [];

    /// <summary>Width of the window's image in pixels.</summary>
    public int WindowWidth { get; init; }

    /// <summary>Height of the window's image in pixels.</summary>
    public int WindowHeight { get; init; }

    /// <summary>Why the photo or its outline cannot be shown, in a sentence; null when everything is shown.</summary>
    public string? Note { get; init; }

    /// <summary>Approximate size in a page: base64 takes 4 bytes for 3.</summary>
    public long Bytes => ((Photo.Length + Window.Length) * 4L / 3) + Outline.Length + Box.Length;
}
