using System.Globalization;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Imaging.Regions;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>How level a cut-out window is, measured by the angle of the true mask.</summary>
public class CropAngleTests(ITestOutputHelper output)
{
    private const double Limit = 3;

    [Fact]
    public void Drawn_windows_are_level_after_the_mask_had_the_size_of_a_network()
    {
        using var folder = new TempFolder();
        var samples = SampleDataset.Write(
            folder["data"], new SampleOptions { Count = 10, Size = 320, Seed = 8 }, cancellation: TestContext.Current.CancellationToken);
        const int Size = 128;
        byte[] small = new byte[Size * Size];
        foreach (var sample in samples)
        {
            using var truth = ImageReader.ReadMask(sample.MaskPath);
            Preprocessor.ResizeMask(truth, Size, small);
            using var predicted = Raster.Rent(truth.Width, truth.Height, 1);
            Preprocessor.ScaleMask(small, Size, predicted);
            double error = Between(Measure(predicted).Angle, Measure(truth).Angle);
            Assert.True(error <= Limit, FormattableString.Invariant($"{sample.MaskPath}: {error:0.0} degrees"));

            // The true mask, cut out like the photo: its rectangle is level in the crop.
            using var photo = Expand(truth);
            using var crop = WindowCrop.Cut(photo, Measure(predicted));
            using var cropped = ImageReader.Luma(crop);
            for (int i = 0; i < cropped.Pixels.Length; i++) cropped.Pixels[i] = cropped.Pixels[i] >= 128 ? (byte)255 : (byte)0;
            Assert.InRange(Between(Measure(cropped).Angle, 0), 0, Limit);
        }
    }

    /// <summary>Three real photos; 48 with WMS_PROVE=full.</summary>
    [Fact]
    public void Real_windows_are_level()
    {
        var model = ModelFile.Load(SharedFolder.Golden("models", "meter-unet.safetensors"));
        int step = ProcessMemory.Full ? 5 : 80;
        string[] photos = [.. Directory.GetFiles(Path.Combine(SharedFolder.Meters, "images")).Order(StringComparer.Ordinal)];
        using var engine = InferenceEngines.Create(model, Precision.Float32, ComputeDevice.Cpu);
        using var queue = PhotoQueue.Create([.. photos.Where((_, i) => i % step == 0)]);
        var errors = new List<double>();
        int missed = 0;
        foreach (var outcome in new PhotoPredictor(engine, new PredictionOptions()).Run(queue, TestContext.Current.CancellationToken))
        {
            string name = Path.GetFileNameWithoutExtension(outcome.ImagePath);
            string mask = Directory.GetFiles(Path.Combine(SharedFolder.Meters, "masks"))
                .Single(file => Path.GetFileNameWithoutExtension(file) == name);
            using var truth = ImageReader.ReadMask(mask);
            for (int i = 0; i < truth.Pixels.Length; i++) truth.Pixels[i] = truth.Pixels[i] >= 128 ? (byte)255 : (byte)0;
            var shape = Measure(truth);
            var found = outcome.Prediction!;
            if (!Overlaps(found, shape))
            {
                missed++;
                continue;
            }

            errors.Add(Between(found.Angle!.Value, shape.Angle));
            if (errors[^1] > Limit)
            {
                output.WriteLine(FormattableString.Invariant(
                    $"{name}: {found.Angle:0.0} instead of {shape.Angle:0.0} degrees, {found.Regions} regions"));
            }
        }

        errors.Sort();
        int level = errors.Count(e => e <= Limit);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"figure: {level} of {errors.Count} windows level within {Limit} degrees, median {errors[errors.Count / 2]:0.00}, " +
            $"90th percentile {errors[(int)(0.9 * errors.Count)]:0.00}, most {errors[^1]:0.0}; " +
            $"{missed} of {errors.Count + missed} windows missed"));
        Assert.Equal((photos.Length + step - 1) / step, errors.Count + missed);
        Assert.True(missed <= errors.Count / 20, $"{missed} windows are missed");
        double least = ProcessMemory.Full ? 0.9 : 0.5; // of three, one may be a difficult one
        Assert.True(level >= least * errors.Count, $"only {level} of {errors.Count} windows are level");
    }

    private static bool Overlaps(Prediction found, MaskShape truth) =>
        found.Regions > 0
        && found.X < truth.X + truth.BoxWidth && truth.X < found.X + found.BoxWidth
        && found.Y < truth.Y + truth.BoxHeight && truth.Y < found.Y + found.BoxHeight;

    private static MaskShape Measure(Raster mask) => new MaskRegions().Measure(mask.Pixels, mask.Width, mask.Height);

    /// <summary>Returns the angle between two lines, 0 to 90 degrees.</summary>
    private static double Between(double a, double b)
    {
        double difference = Math.Abs(a - b) % 180;
        return Math.Min(difference, 180 - difference);
    }

    private static Raster Expand(Raster mask)
    {
        var photo = Raster.Rent(mask.Width, mask.Height, 4);
        for (int i = 0; i < mask.Pixels.Length; i++) photo.Pixels.Slice(4 * i, 4).Fill(mask.Pixels[i]);
        return photo;
    }
}
