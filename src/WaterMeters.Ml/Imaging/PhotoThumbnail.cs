using SkiaSharp;

namespace WaterMeters.Ml.Imaging;

/// <summary>Small copies of pictures, for pages.</summary>
internal static class PhotoThumbnail
{
    /// <summary>A copy that is at most <paramref name="side"/> long and wide; a picture that is smaller keeps its size.</summary>
    public static unsafe Raster Of(Raster picture, int side)
    {
        ArgumentNullException.ThrowIfNull(picture);
        double scale = Math.Min(1, (double)side / Math.Max(picture.Width, picture.Height));
        var small = Raster.Rent(Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)), picture.Channels);
        fixed (byte* from = picture.Pixels, to = small.Pixels)
        {
            using var source = new SKPixmap(Info(picture), (nint)from);
            using var target = new SKPixmap(Info(small), (nint)to);

            // Every pixel counts, as in a mean: lines that are thinner than a pixel of the copy stay visible.
            if (!source.ScalePixels(target, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear))) small.Pixels.Clear();
        }

        return small;
    }

    private static SKImageInfo Info(Raster picture) =>
        new(picture.Width, picture.Height, picture.Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
}
