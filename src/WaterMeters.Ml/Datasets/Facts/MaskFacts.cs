using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>What one look at a mask shows; all that the checks need of it, in some 1.5 kB. A value of 127 or more is meter.</summary>
internal sealed record MaskFacts
{
    /// <summary>Size, orientation and kind of the pixels.</summary>
    public required PhotoHeader Header { get; init; }

    /// <summary>Pixels that are meter.</summary>
    public required int ForegroundPixels { get; init; }

    /// <summary>Pixels that are neither 0 nor 255.</summary>
    public required int OffPixels { get; init; }

    /// <summary>Pixels that are far from both: 33 to 222.</summary>
    public required int MiddlePixels { get; init; }

    /// <summary>Pixels that are no grey.</summary>
    public required int ColouredPixels { get; init; }

    /// <summary>Pixels that are not opaque.</summary>
    public required int TransparentPixels { get; init; }

    /// <summary>Regions of the meter; pixels that touch at a corner belong together.</summary>
    public required int Pieces { get; init; }

    /// <summary>Regions of background that the meter encloses.</summary>
    public required int Holes { get; init; }

    /// <summary>Whether meter lies in the first or last row or column.</summary>
    public required bool TouchesBorder { get; init; }

    /// <summary>Longer side of the smallest rectangle around the largest region, in pixels.</summary>
    public required double RectWidth { get; init; }

    /// <summary>Shorter side of that rectangle, in pixels.</summary>
    public required double RectHeight { get; init; }

    /// <summary>The part of each cell that is meter, 0 to 255, as a <see cref="Facts.Thumbnail"/>.</summary>
    public required byte[] Thumbnail { get; init; }

    /// <summary>The part that is meter, 0 to 1.</summary>
    public double Coverage => (double)ForegroundPixels / Header.Pixels;
}
