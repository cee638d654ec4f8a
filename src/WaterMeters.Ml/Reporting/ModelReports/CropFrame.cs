using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>The part of a photo that an image shows: the outlines with some surroundings, in pixels.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Width">Number of columns.</param>
/// <param name="Height">Number of rows.</param>
internal readonly record struct CropFrame(int Left, int Top, int Width, int Height)
{
    private const double Border = 0.35, Least = 0.45, Ratio = 1.5;

    /// <summary>Computes the frame around masks; the whole photo when all are empty.</summary>
    /// <param name="width">Width of the photo in pixels.</param>
    /// <param name="height">Height of the photo in pixels.</param>
    /// <param name="masks">Masks of the whole photo, each [size, size].</param>
    public static CropFrame Around(int width, int height, IEnumerable<(byte[] Mask, int Size)> masks)
    {
        double left = 1, top = 1, right = 0, bottom = 0;
        foreach (var (mask, size) in masks)
        {
            for (int i = 0; i < mask.Length; i++)
            {
                if (mask[i] == 0) continue;
                var (x, y) = (i % size, i / size);
                (left, top) = (Math.Min(left, (double)x / size), Math.Min(top, (double)y / size));
                (right, bottom) = (Math.Max(right, (x + 1.0) / size), Math.Max(bottom, (y + 1.0) / size));
            }
        }

        if (left >= right) return new CropFrame(0, 0, width, height);
        double across = (right - left) * width * (1 + (2 * Border)), down = (bottom - top) * height * (1 + (2 * Border));

        // Not too close to recognize the meter, and not a narrow strip: images stand beside each other.
        double least = Least * Math.Min(width, height);
        (across, down) = (Math.Max(across, least), Math.Max(down, least));
        (across, down) = (Math.Max(across, down / Ratio), Math.Max(down, across / Ratio));
        var (x0, w) = Fit(width, (left + right) / 2 * width, across);
        var (y0, h) = Fit(height, (top + bottom) / 2 * height, down);
        return new CropFrame(x0, y0, w, h);
    }

    /// <summary>Returns a copy of this part of a photo.</summary>
    public Raster Cut(Raster photo)
    {
        var part = Raster.Rent(Width, Height, photo.Channels);
        int row = Width * photo.Channels;
        for (int y = 0; y < Height; y++)
        {
            photo.Pixels.Slice((((Top + y) * photo.Width) + Left) * photo.Channels, row).CopyTo(part.Pixels.Slice(y * row, row));
        }

        return part;
    }

    private static (int From, int Length) Fit(int all, double middle, double length)
    {
        int whole = Math.Clamp((int)Math.Ceiling(length), 1, all);
        return (Math.Clamp((int)Math.Round(middle - (whole / 2.0)), 0, all - whole), whole);
    }
}
