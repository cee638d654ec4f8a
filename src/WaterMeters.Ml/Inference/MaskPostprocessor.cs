using System.Collections.Concurrent;
using System.Diagnostics;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Imaging.Regions;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Inference;

/// <summary>Turns logits into the prediction: the mask at the photo's size, its measurements, and the files. Thread-safe.</summary>
internal sealed class MaskPostprocessor(IInferenceEngine engine, PredictionOptions options)
{
    private const int OverlayQuality = 90, CropQuality = 95;

    private readonly ConcurrentBag<MaskRegions> analyzers = [];

    /// <summary>Creates the outcome of a photo, writes its files, and disposes the photo.</summary>
    public PhotoOutcome Finish(PreparedPhoto photo, PhotoBuffers arrays)
    {
        using var owned = photo;
        long started = Stopwatch.GetTimestamp();
        int size = engine.Size;
        (float[] logits, byte[] small) = (arrays.Logits, arrays.Mask);
        if (!LogitThreshold.Apply(logits, small, out int foregroundPixels))
        {
            return new PhotoOutcome(photo.ImagePath, null, new PhotoException(
                photo.ImagePath,
                $"The model '{engine.Model.Path}' computes logits that are not finite (NaN or infinity) for '{photo.ImagePath}'. " +
                "Use -Precision float32, or another model."));
        }

        try
        {
            using var mask = Raster.Rent(photo.Width, photo.Height, 1);
            Preprocessor.ScaleMask(small, size, mask);
            if (!analyzers.TryTake(out var analyzer)) analyzer = new MaskRegions();
            var shape = analyzer.Measure(mask.Pixels, mask.Width, mask.Height);
            analyzers.Add(analyzer);
            bool found = shape.Regions > 0;
            double? confidence = Confidence(logits, foregroundPixels);
            var (crop, upright) = WriteCrop(photo, shape);
            string? overlay = Write(photo, small, mask, shape, confidence);
            return new PhotoOutcome(photo.ImagePath, new Prediction
            {
                ImagePath = photo.ImagePath,
                MaskPath = photo.MaskPath,
                OverlayPath = overlay,
                CropPath = crop,
                DigitsUpright = upright,
                Width = photo.Width,
                Height = photo.Height,
                Coverage = (double)shape.ForegroundPixels / ((long)photo.Width * photo.Height),
                X = found ? shape.X : null,
                Y = found ? shape.Y : null,
                BoxWidth = found ? shape.BoxWidth : null,
                BoxHeight = found ? shape.BoxHeight : null,
                Angle = found ? shape.Angle : null,
                Regions = shape.Regions,
                Confidence = confidence,
                Model = engine.Model.Name,
                ModelPath = engine.Model.Path,
                Precision = engine.Precision,
                Duration = photo.TimeSpent + Stopwatch.GetElapsedTime(started),
            }, null)
            { Warning = photo.Warning };
        }
        catch (PhotoException e)
        {
            return new PhotoOutcome(photo.ImagePath, null, e);
        }
    }

    /// <summary>
    /// Writes the window before anything is drawn into the photo, digits upright where it is known how they stand. Returns its file and
    /// how they stood, or nulls if there is none.
    /// </summary>
    private (string? Path, bool? WasUpright) WriteCrop(PreparedPhoto photo, MaskShape shape)
    {
        if (photo.CropPath is not { } path) return (null, null);
        if (shape.Regions == 0)
        {
            // A window that another model found would be taken for one of this.
            if (options.Force) Remove(path);
            return (null, null);
        }

        // A very large photo was decoded at a part of its size.
        double scale = (double)photo.Image!.Width / photo.Width;
        using var crop = WindowCrop.Cut(photo.Image, shape with
        {
            CentreX = scale * shape.CentreX,
            CentreY = scale * shape.CentreY,
            RectWidth = scale * shape.RectWidth,
            RectHeight = scale * shape.RectHeight,
        });
        bool? upright = DigitDirection.IsUpright(crop);
        if (upright == false) WindowCrop.TurnOver(crop);
        if (path.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) ImageWriter.WritePng(crop, path);
        else ImageWriter.WriteJpeg(crop, path, CropQuality);
        return (path, upright);
    }

    private static void Remove(string path)
    {
        try
        {
            HeldFile.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PhotoException(
                path,
                $"Cannot remove '{path}', the window of an earlier prediction: {e.Sentence()} Remove it, or choose another -CropPath.",
                e);
        }
    }

    private string? Write(PreparedPhoto photo, byte[] small, Raster mask, in MaskShape shape, double? confidence)
    {
        if (photo.MaskPath is not { } maskPath) return null;
        string? overlayPath = null;
        if (options.Overlay && photo.Image is { } image)
        {
            overlayPath = OutputNames.Overlay(maskPath);
            DrawOutline(image, small, mask, shape, confidence ?? 0);
            ImageWriter.WriteJpeg(image, overlayPath, OverlayQuality);
        }

        // The mask is written last: -SkipExisting takes its presence to mean that the photo is done.
        if (options.MaskSize == MaskSize.Photo)
        {
            ImageWriter.WritePng(mask, maskPath);
        }
        else
        {
            using var square = Raster.Rent(engine.Size, engine.Size, 1);
            for (int i = 0; i < small.Length; i++) square.Pixels[i] = (byte)(small[i] * 255);
            ImageWriter.WritePng(square, maskPath);
        }

        return overlayPath;
    }

    private void DrawOutline(Raster image, byte[] small, Raster mask, in MaskShape shape, double confidence)
    {
        if (image.Width == mask.Width && image.Height == mask.Height)
        {
            Overlay.Draw(image, mask.Pixels);
            OverlayLabels.Draw(image, shape, confidence);
            return;
        }

        // A very large photo was decoded at half its size, and its overlay has that size.
        using var outline = Raster.Rent(image.Width, image.Height, 1);
        Preprocessor.ScaleMask(small, engine.Size, outline);
        Overlay.Draw(image, outline.Pixels);
        OverlayLabels.Draw(image, new MaskRegions().Measure(outline.Pixels, outline.Width, outline.Height), confidence);
    }

    /// <summary>Returns the mean probability of the foreground pixels; null without any.</summary>
    private static double? Confidence(float[] logits, int foregroundPixels)
    {
        if (foregroundPixels == 0) return null;
        double sum = 0;
        foreach (float logit in logits)
        {
            if (logit > 0) sum += 1 / (1 + Math.Exp(-logit));
        }

        return sum / foregroundPixels;
    }
}
