using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>The facts of a mask: all that the checks need, about 1.5 kB. A value of 127 or more is foreground.</summary>
internal sealed record MaskFacts
{
    /// <summary>SHA-256 of the file.</summary>
    public required string Hash { get; init; }

    /// <summary>Size, orientation and pixel format.</summary>
    public required PhotoHeader Header { get; init; }

    /// <summary>The different values in the file.</summary>
    public required MaskValues Values { get; init; }

    /// <summary>What is wrong with the file.</summary>
    public ImageFlaws Flaws { get; init; }

    /// <summary>Number of foreground pixels.</summary>
    public required int ForegroundPixels { get; init; }

    /// <summary>Number of pixels that are neither 0 nor 255.</summary>
    public required int OffPixels { get; init; }

    /// <summary>Number of pixels far from both, 33 to 222.</summary>
    public required int MiddlePixels { get; init; }

    /// <summary>Number of pixels that are not grey.</summary>
    public required int ColouredPixels { get; init; }

    /// <summary>Number of pixels that are not opaque.</summary>
    public required int TransparentPixels { get; init; }

    /// <summary>Number of regions of the foreground; pixels that touch at a corner are connected.</summary>
    public required int Pieces { get; init; }

    /// <summary>Number of background regions enclosed by the foreground.</summary>
    public required int Holes { get; init; }

    /// <summary>Whether there is foreground in the first or last row or column.</summary>
    public required bool TouchesBorder { get; init; }

    /// <summary>Longer side of the smallest rectangle around the largest region, in pixels.</summary>
    public required double RectWidth { get; init; }

    /// <summary>Shorter side of that rectangle, in pixels.</summary>
    public required double RectHeight { get; init; }

    /// <summary>The fraction of foreground in each cell, 0 to 255, as a <see cref="Facts.Thumbnail"/>.</summary>
    public required byte[] Thumbnail { get; init; }

    /// <summary>The fraction of foreground, 0 to 1.</summary>
    public double Coverage => (double)ForegroundPixels / Header.Pixels;

    /// <summary>Whether the mask as it is read has no foreground, or nothing else.</summary>
    public bool IsFlat => ForegroundPixels == 0 || ForegroundPixels == Header.Pixels;
}
