using System.Collections.Concurrent;
using System.Diagnostics;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Imaging.Regions;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Inference;

/// <summary>Logits to what the user gets: the mask at the photo's size, its measures, and the files. Safe for many threads.</summary>
internal sealed class MaskPostprocessor(IInferenceEngine engine, PredictionOptions options)
{
    private const int OverlayQuality = 90;

    private readonly ConcurrentBag<MaskRegions> regions = [];

    /// <summary>Finishes a photo and disposes it.</summary>
    public PhotoOutcome Finish(PreparedPhoto photo, PhotoBuffers arrays)
    {
        using var owned = photo;
        long started = Stopwatch.GetTimestamp();
        int size = engine.Size;
        (float[] logits, byte[] small) = (arrays.Logits, arrays.Mask);
        if (!LogitThreshold.Apply(logits, small, out int meter))
        {
            return new PhotoOutcome(photo.ImagePath, null, new PhotoException(
                photo.ImagePath, $"The model '{engine.Model.Path}' gives numbers that are not finite for '{photo.ImagePath}'. Use -Precision float32, or another model."));
        }

        try
        {
            using var mask = Raster.Rent(photo.Width, photo.Height, 1);
            Preprocessor.ScaleMask(small, size, mask);
            if (!regions.TryTake(out var measure)) measure = new MaskRegions();
            var shape = measure.Measure(mask.Pixels, mask.Width, mask.Height);
            regions.Add(measure);
            string? overlay = Write(photo, small, mask);
            return new PhotoOutcome(photo.ImagePath, new Prediction
            {
                ImagePath = photo.ImagePath,
                MaskPath = photo.MaskPath,
                OverlayPath = overlay,
                Width = photo.Width,
                Height = photo.Height,
                Coverage = (double)shape.ForegroundPixels / ((long)photo.Width * photo.Height),
                X = shape.X,
                Y = shape.Y,
                BoxWidth = shape.BoxWidth,
                BoxHeight = shape.BoxHeight,
                Angle = shape.Angle,
                Regions = shape.Regions,
                Confidence = Confidence(logits, meter),
                Model = engine.Model.Name,
                ModelPath = engine.Model.Path,
                Precision = engine.Precision,
                Duration = photo.Spent + Stopwatch.GetElapsedTime(started),
            }, null);
        }
        catch (PhotoException e)
        {
            return new PhotoOutcome(photo.ImagePath, null, e);
        }
    }

    private string? Write(PreparedPhoto photo, byte[] small, Raster mask)
    {
        if (photo.MaskPath is not { } maskPath) return null;
        string? overlayPath = null;
        if (photo.Image is { } image)
        {
            overlayPath = OutputNames.Overlay(maskPath);
            Overlay.Draw(image, mask.Pixels);
            ImageWriter.WriteJpeg(image, overlayPath, OverlayQuality);
        }

        // The mask comes last: -SkipExisting takes its presence for a sign that the photo is done.
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

    private static double Confidence(float[] logits, int meter)
    {
        if (meter == 0) return 0;
        double sum = 0;
        foreach (float logit in logits)
        {
            if (logit > 0) sum += 1 / (1 + Math.Exp(-logit));
        }

        return sum / meter;
    }
}
