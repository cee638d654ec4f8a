using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Imaging;

/// <summary>
/// Our decoding and preprocessing of real photos beside the seed's, and what their difference does to the masks. The seed's images are
/// its own eight, or those that tests/Proofs/Decoder.ps1 had OpenCV and Pillow make, in the folder WMS_SEED_PICTURES.
/// </summary>
public class DecoderTests(ITestOutputHelper output)
{
    private const int Size = 512;

    [Fact]
    public void Finds_the_masks_that_follow_from_the_seeds_own_images()
    {
        var images = Images();
        using var engine = new OnnxEngine(ModelFile.Load(SharedFolder.Golden("models", "meter-unet.safetensors")));
        var preprocessor = new Preprocessor(Size);
        byte[] ours = new byte[preprocessor.PlanesLength], theirs = new byte[ours.Length], mask = new byte[Size * Size], seeds = new byte[mask.Length], truth = new byte[mask.Length];
        float[] logits = new float[mask.Length];
        long differing = 0, sum = 0, values = 0;
        int most = 0;
        double lowest = 1, dice = 0, seedDice = 0;
        foreach (var (name, image) in images)
        {
            using (var photo = ImageReader.ReadPhoto(Path.Combine(SharedFolder.Meters, "images", name + ".jpg"))) preprocessor.Run(photo, ours);
            using (var ready = ImageReader.ReadPhoto(image)) Planes(ready, theirs);
            for (int i = 0; i < ours.Length; i++)
            {
                int difference = Math.Abs(ours[i] - theirs[i]);
                if (difference > 0) differing++;
                (sum, most) = (sum + difference, Math.Max(most, difference));
            }

            values += ours.Length;
            using (var drawn = ImageReader.ReadMask(Path.Combine(SharedFolder.Meters, "masks", name + ".jpg"))) Preprocessor.ResizeMask(drawn, Size, truth);
            engine.Predict(ours, logits);
            Assert.True(LogitThreshold.Apply(logits, mask, out _));
            engine.Predict(theirs, logits);
            Assert.True(LogitThreshold.Apply(logits, seeds, out _));
            lowest = Math.Min(lowest, MaskOverlap.Count(mask, seeds).IoU);
            dice += MaskOverlap.Count(mask, truth).Dice / images.Count;
            seedDice += MaskOverlap.Count(seeds, truth).Dice / images.Count;
        }

        output.WriteLine(FormattableString.Invariant(
            $"figure: {images.Count} photos, {differing} of {values} values differ, by at most {most} and {(double)sum / values:0.0000} on average; lowest mask IoU {lowest:0.0000}, mean Dice {dice:0.0000}, from the seed's images {seedDice:0.0000}"));
        Assert.InRange((double)sum / values, 0, 0.5);
        Assert.InRange(lowest, 0.99, 1);
    }

    private static List<(string Name, string Image)> Images()
    {
        if (Environment.GetEnvironmentVariable("WMS_SEED_PICTURES") is not { Length: > 0 } folder)
        {
            return [.. SharedFolder.GoldenPhotos().Select(n => (n, SharedFolder.Golden("predict", n + ".preprocessed.png")))];
        }

        return [.. Directory.GetFiles(folder, "*.png").Select(f => (Path.GetFileNameWithoutExtension(f), f))];
    }

    private static void Planes(Raster image, byte[] planes)
    {
        for (int i = 0; i < Size * Size; i++)
        {
            for (int channel = 0; channel < 3; channel++) planes[(channel * Size * Size) + i] = image.Pixels[(4 * i) + channel];
        }
    }
}
