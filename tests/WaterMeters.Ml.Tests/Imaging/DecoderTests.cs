using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Imaging;

/// <summary>
/// Compares our decoding and preprocessing of real photos with those of the legacy pipeline, and the masks that follow. The legacy
/// images are its own eight, or those that tests/Proofs/Decoder.ps1 makes with OpenCV and Pillow in the folder WMS_LEGACY_IMAGES.
/// </summary>
public class DecoderTests(ITestOutputHelper output)
{
    private const int Size = 512;

    [Fact]
    public void Finds_the_same_masks_as_from_images_of_the_legacy_pipeline()
    {
        var images = Images();
        using var engine = new OnnxEngine(ModelFile.Load(SharedFolder.Golden("models", "meter-unet.safetensors")));
        var preprocessor = new Preprocessor(Size);
        byte[] ours = new byte[preprocessor.PlanesLength], theirs = new byte[ours.Length];
        byte[] mask = new byte[Size * Size], legacyMask = new byte[mask.Length], truth = new byte[mask.Length];
        float[] logits = new float[mask.Length];
        long differing = 0, sum = 0, values = 0;
        int most = 0;
        double lowest = 1, dice = 0, legacyDice = 0;
        foreach (var (name, image) in images)
        {
            string photoPath = Path.Combine(SharedFolder.Meters, "images", name + ".jpg");
            string maskPath = Path.Combine(SharedFolder.Meters, "masks", name + ".jpg");
            using (var photo = ImageReader.ReadPhoto(photoPath)) preprocessor.Run(photo, ours);
            using (var preprocessed = ImageReader.ReadPhoto(image)) CopyPlanes(preprocessed, theirs);
            for (int i = 0; i < ours.Length; i++)
            {
                int difference = Math.Abs(ours[i] - theirs[i]);
                if (difference > 0) differing++;
                (sum, most) = (sum + difference, Math.Max(most, difference));
            }

            values += ours.Length;
            using (var drawn = ImageReader.ReadMask(maskPath)) Preprocessor.ResizeMask(drawn, Size, truth);
            engine.Predict(ours, logits);
            Assert.True(LogitThreshold.Apply(logits, mask, out _));
            engine.Predict(theirs, logits);
            Assert.True(LogitThreshold.Apply(logits, legacyMask, out _));
            lowest = Math.Min(lowest, MaskOverlap.Count(mask, legacyMask).IoU);
            dice += MaskOverlap.Count(mask, truth).Dice / images.Count;
            legacyDice += MaskOverlap.Count(legacyMask, truth).Dice / images.Count;
        }

        output.WriteLine(
            FormattableString.Invariant($"figure: {images.Count} photos, {differing} of {values} values differ, ")
            + FormattableString.Invariant($"by at most {most} and {(double)sum / values:0.0000} on average; ")
            + FormattableString.Invariant($"lowest mask IoU {lowest:0.0000}, mean Dice {dice:0.0000}, ")
            + FormattableString.Invariant($"from images of the legacy pipeline {legacyDice:0.0000}"));
        Assert.InRange((double)sum / values, 0, 0.5);
        Assert.InRange(lowest, 0.99, 1);
    }

    private static List<(string Name, string Image)> Images()
    {
        if (Environment.GetEnvironmentVariable("WMS_LEGACY_IMAGES") is not { Length: > 0 } folder)
        {
            return [.. SharedFolder.GoldenPhotos().Select(n => (n, SharedFolder.Golden("predict", n + ".preprocessed.png")))];
        }

        return [.. Directory.GetFiles(folder, "*.png").Select(f => (Path.GetFileNameWithoutExtension(f), f))];
    }

    private static void CopyPlanes(Raster image, byte[] planes)
    {
        for (int i = 0; i < Size * Size; i++)
        {
            for (int channel = 0; channel < 3; channel++) planes[(channel * Size * Size) + i] = image.Pixels[(4 * i) + channel];
        }
    }
}
