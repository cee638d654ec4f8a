using SkiaSharp;

namespace WaterMeters.Ml.Imaging;

/// <summary>Small copies of images, for pages.</summary>
internal static class PhotoThumbnail
{
    /// <summary>A copy that is at most <paramref name="side"/> long and wide; an image that is smaller keeps its size.</summary>
    public static unsafe Raster Create(Raster image, int side)
    {
        ArgumentNullException.ThrowIfNull(image);
        double scale = Math.Min(1, (double)side / Math.Max(image.Width, image.Height));
        var small = Raster.Rent(Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)), image.Channels);
        fixed (byte* from = image.Pixels, to = small.Pixels)
        {
            using var source = new SKPixmap(Info(image), (nint)from);
            using var target = new SKPixmap(Info(small), (nint)to);

            // Every pixel counts, as in a mean: lines that are thinner than a pixel of the copy stay visible.
            if (!source.ScalePixels(target, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear))) small.Pixels.Clear();
        }

        return small;
    }

    private static SKImageInfo Info(Raster image) =>
        new(image.Width, image.Height, image.Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
}
