using System.Runtime.InteropServices;
using SkiaSharp;
using WaterMeters.Ml.Imaging.Regions;

namespace WaterMeters.Ml.Imaging;

/// <summary>Cuts a region out of a photo and turns its longer side level.</summary>
internal static class WindowCrop
{
    /// <summary>Margin on each of the four sides, as a fraction of the shorter side of the region's rectangle.</summary>
    public const double Padding = 0.2;

    /// <summary>
    /// Returns the minimum-area rectangle around the largest region of a mask, with a margin, its longer side horizontal. Pixels are
    /// those of the photo, not enlarged, interpolated by a bicubic filter (E. Catmull, R. Rom, "A class of local interpolating splines",
    /// 1974), which leaves a rectangle that was level already unchanged. Where it reaches beyond the photo, the pixels of the border
    /// repeat. Never has more pixels than the photo.
    /// </summary>
    /// <param name="photo">4 channels.</param>
    /// <param name="shape">The region, in the pixels of the photo; it has at least one.</param>
    /// <returns>4 channels, at least 1 x 1 pixels.</returns>
    public static unsafe Raster Cut(Raster photo, MaskShape shape)
    {
        double margin = 2 * Padding * shape.RectHeight, wide = shape.RectWidth + margin, high = shape.RectHeight + margin;
        double scale = Math.Min(1, Math.Sqrt((double)photo.Width * photo.Height / (wide * high)));
        int width = Math.Max(1, (int)(scale * wide)), height = Math.Max(1, (int)(scale * high));
        var crop = Raster.Rent(width, height, 4);
        try
        {
            var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            fixed (byte* source = photo.Pixels, target = crop.Pixels)
            {
                using var pixels = new SKPixmap(info.WithSize(photo.Width, photo.Height), (nint)source);
                using var image = SKImage.FromPixels(pixels);
                using var surface = SKSurface.Create(info, (nint)target, info.RowBytes);
                using var paint = new SKPaint();

                // A level rectangle needs no interpolation: whole pixels keep the values of the photo.
                bool level = shape.Angle % 90 == 0 && scale == 1;
                var sampling = level ? new SKSamplingOptions(SKFilterMode.Nearest) : new SKSamplingOptions(SKCubicResampler.CatmullRom);
                using var shader = image.ToShader(
                    SKShaderTileMode.Clamp, SKShaderTileMode.Clamp, sampling, PhotoToCrop(shape, scale, width, height, level));
                paint.Shader = shader;
                surface.Canvas.DrawPaint(paint);
            }

            return crop;
        }
        catch
        {
            crop.Dispose();
            throw;
        }
    }

    /// <summary>Turns a crop by 180 degrees, in place.</summary>
    public static void TurnOver(Raster crop) => MemoryMarshal.Cast<byte, uint>(crop.Pixels).Reverse();

    /// <summary>Returns the transformation: the centre of the rectangle to the centre of the crop, its longer side level.</summary>
    private static SKMatrix PhotoToCrop(MaskShape shape, double scale, int width, int height, bool level)
    {
        double angle = -double.DegreesToRadians(shape.Angle), cos = scale * Math.Cos(angle), sin = scale * Math.Sin(angle);
        double x = (width / 2.0) - (cos * shape.CentreX) + (sin * shape.CentreY);
        double y = (height / 2.0) - (sin * shape.CentreX) - (cos * shape.CentreY);
        if (level) (cos, sin, x, y) = (Math.Round(cos), Math.Round(sin), Math.Round(x), Math.Round(y));
        return new SKMatrix((float)cos, (float)-sin, (float)x, (float)sin, (float)cos, (float)y, 0, 0, 1);
    }
}
