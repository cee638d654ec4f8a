using System.Globalization;
using SkiaSharp;
using WaterMeters.Ml.Imaging.Regions;

namespace WaterMeters.Ml.Imaging;

/// <summary>Draws what was measured of a mask into its photo: the rotated box of the largest region, confidence and angle.</summary>
internal static class OverlayLabels
{
    private static readonly SKColor Amber = new(255, 176, 0);

    /// <summary>
    /// Draws an amber box with a dark border at a small distance around the minimum-area rectangle of the largest region, and a label
    /// beside it: confidence from 0 to 1, angle in degrees, and the number of regions if it is not 1. Without a region, only the label
    /// "nothing found" in the upper left corner.
    /// </summary>
    /// <param name="photo">4 channels; modified in place.</param>
    /// <param name="shape">Measurements of its mask, in pixels of the photo.</param>
    /// <param name="confidence">Mean probability inside the mask, 0..1.</param>
    public static unsafe void Draw(Raster photo, in MaskShape shape, double confidence)
    {
        ArgumentNullException.ThrowIfNull(photo);
        if (photo.Channels != 4) throw new ArgumentException("The photo must have 4 channels.", nameof(photo));
        int longer = Math.Max(photo.Width, photo.Height), line = Math.Clamp(longer / 400, 1, 40), square = Math.Max(1, longer / 330);
        fixed (byte* pixels = photo.Pixels)
        {
            // The fourth byte of a photo is not alpha.
            var info = new SKImageInfo(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var surface = SKSurface.Create(info, (nint)pixels, info.RowBytes);
            var canvas = surface.Canvas;
            var area = SKRect.Empty;
            if (shape.Regions > 0)
            {
                using var box = Box(shape, 4 * line);
                area = box.Bounds;
                using var stroke = new SKPaint { Style = SKPaintStyle.Stroke, IsAntialias = true, StrokeJoin = SKStrokeJoin.Miter };
                (stroke.Color, stroke.StrokeWidth) = (SKColors.Black, 2 * line);
                canvas.DrawPath(box, stroke);
                (stroke.Color, stroke.StrokeWidth) = (Amber, line);
                canvas.DrawPath(box, stroke);
            }

            Label(canvas, photo, area, Text(shape, confidence), square, line);
            canvas.Flush();
        }
    }

    /// <summary>Returns the text of the label.</summary>
    public static string Text(in MaskShape shape, double confidence) => shape.Regions == 0
        ? "nothing found"
        : string.Create(CultureInfo.InvariantCulture, $"{confidence:0.00} {shape.Angle:0.0}°")
            + (shape.Regions == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" {shape.Regions} regions"));

    private static SKPath Box(in MaskShape shape, int distance)
    {
        double angle = double.DegreesToRadians(shape.Angle), cos = Math.Cos(angle), sin = Math.Sin(angle);
        double along = (shape.RectWidth / 2) + distance, across = (shape.RectHeight / 2) + distance;
        var (x, y) = (shape.CentreX, shape.CentreY);
        using var path = new SKPathBuilder();
        path.MoveTo(Corner(-along, -across));
        path.LineTo(Corner(along, -across));
        path.LineTo(Corner(along, across));
        path.LineTo(Corner(-along, across));
        path.Close();
        return path.Detach();

        SKPoint Corner(double u, double v) => new((float)(x + (u * cos) - (v * sin)), (float)(y + (u * sin) + (v * cos)));
    }

    /// <summary>Writes the label above the box; below it where the photo ends, and inside the photo in any case.</summary>
    private static void Label(SKCanvas canvas, Raster photo, SKRect area, string text, int square, int line)
    {
        int margin = 2 * square;
        int width = (PixelFont.Width(text) * square) + (2 * margin), height = (PixelFont.Height * square) + (2 * margin);
        double above = area.Top - line - height, below = area.Bottom + line;
        int left = (int)Math.Clamp(area.Left, 0, Math.Max(0, photo.Width - width));
        int top = (int)Math.Clamp(above >= 0 ? above : below, 0, Math.Max(0, photo.Height - height));
        using var ground = new SKPaint { Color = SKColors.Black };
        using var ink = new SKPaint { Color = Amber };
        canvas.DrawRect(left, top, width, height, ground);
        PixelFont.Draw(canvas, text, left + margin, top + margin, square, ink);
    }
}
