using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Makes the images of a report: the models predict the photo once more, for a comparison keeps scores and no masks.</summary>
/// <param name="candidate">Runs the new model.</param>
/// <param name="baseline">Runs the old one; null without one.</param>
internal sealed class ComparedImages(IInferenceEngine candidate, IInferenceEngine? baseline)
{
    private const int Side = 400;
    private const int Quality = 80;

    private readonly Preprocessor ours = new(candidate.Size);
    private readonly Preprocessor? theirs = baseline is null ? null : new(baseline.Size);

    /// <summary>The image of a photo.</summary>
    /// <exception cref="PhotoException">The photo or its mask cannot be read, or a model gives no numbers for it.</exception>
    public ComparedImage Create(ImageComparison compared)
    {
        using var photo = ImageReader.ReadPhoto(compared.ImagePath);
        using var mask = ImageReader.ReadMask(compared.MaskPath);
        var truth = (Mask: new byte[candidate.Size * candidate.Size], candidate.Size);
        Preprocessor.ResizeMask(mask, candidate.Size, truth.Mask);
        var found = (Mask: Predict(candidate, ours, photo, compared.ImagePath), candidate.Size);
        (byte[] Mask, int Size)? before = baseline is null ? null : (Predict(baseline, theirs!, photo, compared.ImagePath), baseline.Size);

        var frame = CropFrame.Around(photo.Width, photo.Height, before is null ? [truth, found] : [truth, found, before.Value]);
        using var part = frame.Cut(photo);
        using var small = PhotoThumbnail.Create(part, Side);
        byte[] jpeg = ImageWriter.EncodeJpeg(small, Quality);
        return new ComparedImage(jpeg, small.Width, small.Height, Outline(truth), Outline(found), before is null ? null : Outline(before.Value));

        string Outline((byte[] Mask, int Size) of) => MaskOutline.Path(of.Mask, of.Size, (x, y) =>
            (((x / of.Size * photo.Width) - frame.Left) * small.Width / frame.Width, ((y / of.Size * photo.Height) - frame.Top) * small.Height / frame.Height));
    }

    private static byte[] Predict(IInferenceEngine engine, Preprocessor preprocessor, Raster photo, string path)
    {
        var buffers = new PhotoBuffers(engine.Size);
        preprocessor.Run(photo, buffers.Planes);
        engine.Predict(buffers.Planes, buffers.Logits);
        if (LogitThreshold.Apply(buffers.Logits, buffers.Mask, out _)) return buffers.Mask;
        throw new PhotoException(path, $"The model '{engine.Model.Path}' gives numbers that are not finite for '{path}'.");
    }
}
