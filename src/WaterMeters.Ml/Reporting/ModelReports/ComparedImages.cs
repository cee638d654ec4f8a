using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Creates the images of a report. The models predict each photo again, because a comparison keeps scores and no masks.</summary>
/// <param name="candidate">Runs the new model.</param>
/// <param name="baseline">Runs the model in production; null without one.</param>
internal sealed class ComparedImages(IInferenceEngine candidate, IInferenceEngine? baseline)
{
    private const int Side = 400;
    private const int Quality = 80;

    private readonly Preprocessor ours = new(candidate.Size);
    private readonly Preprocessor? theirs = baseline is null ? null : new(baseline.Size);

    /// <summary>Creates the image of a photo.</summary>
    /// <exception cref="PhotoException">The photo or its mask cannot be read, or the output of a model is not finite.</exception>
    public ComparedImage Create(ImageComparison compared)
    {
        using var decoded = ImageReader.DecodePhoto(compared.ImagePath, findsFlaws: false);
        var photo = decoded.Image;
        using var trueMask = ImageReader.ReadMask(compared.MaskPath);
        var truth = (Mask: new byte[candidate.Size * candidate.Size], candidate.Size);
        Preprocessor.ResizeMask(trueMask, candidate.Size, truth.Mask);
        var ourMask = (Mask: Predict(candidate, ours, photo, compared.ImagePath), candidate.Size);
        (byte[] Mask, int Size)? theirMask = baseline is null
            ? null
            : (Predict(baseline, theirs!, photo, compared.ImagePath), baseline.Size);

        var frame = CropFrame.Around(
            photo.Width, photo.Height, theirMask is null ? [truth, ourMask] : [truth, ourMask, theirMask.Value]);
        using var part = frame.Cut(photo);
        using var small = PhotoThumbnail.Create(part, Side);
        byte[] jpeg = ImageWriter.EncodeJpeg(small, Quality);
        return new ComparedImage(
            jpeg, small.Width, small.Height, Outline(truth), Outline(ourMask), theirMask is null ? null : Outline(theirMask.Value));

        string Outline((byte[] Pixels, int Size) mask) => MaskOutline.Path(mask.Pixels, mask.Size, mask.Size, (x, y) => (
            ((x / mask.Size * photo.Width) - frame.Left) * small.Width / frame.Width,
            ((y / mask.Size * photo.Height) - frame.Top) * small.Height / frame.Height));
    }

    private static byte[] Predict(IInferenceEngine engine, Preprocessor preprocessor, Raster photo, string path)
    {
        var buffers = new PhotoBuffers(engine.Size);
        preprocessor.Run(photo, buffers.Planes);
        engine.Predict(buffers.Planes, buffers.Logits);
        if (LogitThreshold.Apply(buffers.Logits, buffers.Mask, out _)) return buffers.Mask;
        throw new PhotoException(path, $"The model '{engine.Model.Path}' gives output that is not finite for '{path}'.");
    }
}

/// <summary>A photo with up to three outlines, for a page.</summary>
/// <param name="Jpeg">The part of the photo around the outlines, as a small JPEG file.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Truth">SVG path of the true outline; empty for an empty mask.</param>
/// <param name="Candidate">SVG path of the outline of the new model.</param>
/// <param name="Baseline">SVG path of the outline of the model in production; null without one.</param>
internal sealed record ComparedImage(byte[] Jpeg, int Width, int Height, string Truth, string Candidate, string? Baseline);
