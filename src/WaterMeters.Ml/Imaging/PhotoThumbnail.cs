using SkiaSharp;

namespace WaterMeters.Ml.Imaging;

/// <summary>Makes small copies of images for reports.</summary>
internal static class PhotoThumbnail
{
    /// <summary>Returns a copy whose sides are at most <paramref name="side"/> pixels long; a smaller image keeps its size.</summary>
    public static unsafe Raster Create(Raster image, int side)
    {
        ArgumentNullException.ThrowIfNull(image);
        double scale = Math.Min(1, (double)side / Math.Max(image.Width, image.Height));
        int width = Math.Max(1, (int)Math.Round(image.Width * scale)), height = Math.Max(1, (int)Math.Round(image.Height * scale));
        var small = Raster.Rent(width, height, image.Channels);
        fixed (byte* from = image.Pixels, to = small.Pixels)
        {
            using var source = new SKPixmap(Info(image), (nint)from);
            using var target = new SKPixmap(Info(small), (nint)to);

            // With mipmaps every pixel contributes, so lines thinner than a pixel of the copy stay visible.
            if (!source.ScalePixels(target, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear))) small.Pixels.Clear();
        }

        return small;
    }

    private static SKImageInfo Info(Raster image) =>
        new(image.Width, image.Height, image.Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
}
