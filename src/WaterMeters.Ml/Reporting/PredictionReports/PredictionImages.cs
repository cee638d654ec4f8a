using SkiaSharp;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Imaging.Regions;
using WaterMeters.Ml.Reporting.ModelReports;

namespace WaterMeters.Ml.Reporting.PredictionReports;

/// <summary>Creates the images of predictions; thread-safe.</summary>
/// <param name="side">Longest side of a photo's image, in pixels.</param>
internal sealed class PredictionImages(int side)
{
    private const int Quality = 68;
    private const double BoxDistance = 3; // in pixels of the image: the outline must stay visible beside it

    // Around the window, in parts of its shorter side: enough to see whether the box cuts digits off.
    private const double Margin = 0.35;

    /// <summary>Creates the images of a prediction. What cannot be read becomes a note and never an error.</summary>
    public PredictionImage Create(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        using var decoded = TryRead(prediction.ImagePath, path => ImageReader.DecodePhoto(path, findsFlaws: false), out string? failure);
        if (decoded is null) return new PredictionImage { Note = failure };
        var (photo, header) = (decoded.Image, decoded.Header);
        using var small = PhotoThumbnail.Create(photo, side);
        var plain = new PredictionImage { Photo = ImageWriter.EncodeJpeg(small, Quality), Width = small.Width, Height = small.Height };
        if (prediction.Width > 0 && (prediction.Width, prediction.Height) != (header.Width, header.Height))
        {
            return plain with { Note = "The photo has another size than when it was predicted, so its outline is not shown." };
        }

        using var mask = prediction.MaskPath is { Length: > 0 } path ? TryRead(path, ImageReader.ReadMask, out failure) : null;

        // The box of a record is in pixels of the photo, and a very large photo was decoded at half its size.
        var box = mask is not null ? Measure(mask, photo.Width, photo.Height)
            : header.IsReduced ? null : RotatedBox.FromRecord(prediction);
        var image = plain with
        {
            Outline = mask is null ? "" : Outline(mask, small.Width, small.Height),
            Box = box?.Path(
                BoxDistance * photo.Width / small.Width,
                (x, y) => (x * small.Width / photo.Width, y * small.Height / photo.Height)) ?? "",
            Note = failure is null ? null : $"The outline is not shown: {failure}",
        };
        if (box is not { } found) return image;
        using var window = Window(photo, found);
        return image with
        {
            Window = ImageWriter.EncodeJpeg(window, Quality),
            WindowWidth = window.Width,
            WindowHeight = window.Height,
        };
    }

    private static T? TryRead<T>(string path, Func<string, T> read, out string? failure)
        where T : class
    {
        try
        {
            failure = null;
            return read(path);
        }
        catch (PhotoException e)
        {
            failure = e.Message;
            return null;
        }
    }

    /// <summary>Measures the largest region of a mask of any size, in pixels of the photo; null for an empty mask.</summary>
    private static RotatedBox? Measure(Raster mask, int width, int height)
    {
        using var scaled = Raster.Rent(width, height, 1);
        Scale(mask, scaled.Pixels, width, height);
        var shape = new MaskRegions().Measure(scaled.Pixels, width, height);
        return shape.Regions == 0 ? null : RotatedBox.FromShape(shape);
    }

    private static string Outline(Raster mask, int width, int height)
    {
        byte[] scaled = new byte[width * height];
        Scale(mask, scaled, width, height);
        return MaskOutline.Path(scaled, width, height, (x, y) => (x, y));
    }

    private static void Scale(Raster mask, Span<byte> target, int width, int height) =>
        NearestNeighbor.Scale(mask.Pixels, mask.Width, mask.Height, target, width, height, Preprocessor.ForegroundThreshold, 255);

    /// <summary>Cuts the window out of a photo, rotated so that its longer side is level, with some surroundings; never enlarged.</summary>
    private unsafe Raster Window(Raster photo, RotatedBox box)
    {
        double margin = Margin * box.Across, along = box.Along + (2 * margin), across = box.Across + (2 * margin);
        double scale = Math.Min(1, side / Math.Max(along, across));
        int width = Math.Max(1, (int)Math.Round(along * scale)), height = Math.Max(1, (int)Math.Round(across * scale));
        var window = Raster.Rent(width, height, photo.Channels);
        window.Pixels.Clear(); // beyond the border of the photo
        fixed (byte* from = photo.Pixels, to = window.Pixels)
        {
            using var source = SKImage.FromPixels(Info(photo), (nint)from);
            using var surface = SKSurface.Create(Info(window), (nint)to, window.Width * window.Channels);
            var canvas = surface.Canvas;
            canvas.Translate(width / 2f, height / 2f);
            canvas.Scale((float)scale);
            canvas.RotateDegrees((float)-box.Angle);
            canvas.Translate((float)-box.CentreX, (float)-box.CentreY);
            canvas.DrawImage(source, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            canvas.Flush();
        }

        return window;
    }

    private static SKImageInfo Info(Raster image) => new(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
}
