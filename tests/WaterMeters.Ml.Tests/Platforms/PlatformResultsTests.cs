using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Tests.Training;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Platforms;

/// <summary>
/// Results that are the same on every system: stated here for the drawn photos, compared by tests/Proofs/SameOnWindows.ps1 for real ones.
/// </summary>
[Collection(TrainingCollection.Name)]
public class PlatformResultsTests
{
    /// <summary>The name that stands for the data set in the cache file, where the absolute path is otherwise.</summary>
    // In capitals: Windows takes a path for the same in any letters, and its digest is that of the capitals.
    private const string CacheKey = "METERS";

    [Fact]
    public void Decoded_and_preprocessed_photos_are_the_same_bytes()
    {
        using var folder = new TempFolder();
        var preprocessor = new Preprocessor(PlatformPhotos.AreReal ? 512 : 64);
        byte[] planes = new byte[preprocessor.PlanesLength];
        var lines = new List<string>();
        foreach (string file in PlatformPhotos.Files(folder))
        {
            using var photo = ImageReader.ReadPhoto(file);
            preprocessor.Run(photo, planes);
            string name = Path.GetFileName(file);
            PlatformPhotos.Keep($"planes/{name}.bin", planes);
            lines.Add($"{name} file {Short(File.ReadAllBytes(file))} pixels {Short(photo.Pixels)} planes {Short(planes)}");
        }

        PlatformPhotos.Keep("planes.txt", lines);
        if (PlatformPhotos.AreReal) return;
        AssertSame(
            [
                "a.png file b5eafe7996b685b4 pixels 12748fd8aa58e05b planes a8d76b0d878f37e3",
                "b.jpg file 366e2f75181c21d2 pixels 7e6097f6d5b742d4 planes ca8252bcd273babb",
                "c.jpg file b20145971e992ff9 pixels 7a6d24c2f7bcbfec planes 34af18ae87bd1c38",
                "d.webp file d2400c1ff51bc600 pixels dce5baac70d3efef planes 72d922cfdccf8544",
                "e.jpg file 3c89be23fd2a2e9a pixels bdc004a27cf13db5 planes 22fa3ad8989bd340",
            ],
            lines);
    }

    [Fact]
    public void Facts_parts_and_hashes_are_the_same()
    {
        using var folder = new TempFolder();
        var (photos, masks) = (new PhotoAnalyzer(), new MaskAnalyzer());
        var (lines, pairs) = (new List<string>(), new List<CachedPair>());
        foreach (string file in PlatformPhotos.Files(folder))
        {
            var photo = photos.Measure(file);
            string part = $"{new SplitFractions().AssignByHash(photo.Hash)}", bits = $"{PerceptualHash.Compute(photo.Thumbnail).Bits:x16}";
            string light = FormattableString.Invariant($"{photo.DarkEnd} {photo.BrightEnd} {photo.Entropy:F10} {photo.Blur:F10}");
            lines.Add($"{photo.Hash[..40]} {part} {bits} {light}");
            if (!PlatformPhotos.AreReal) continue;
            var mask = masks.Measure(PlatformPhotos.MaskOf(file));
            string name = Path.GetFileName(file);
            pairs.Add(new CachedPair(name, new FileStamp(photo.Hash.Length, 1), name, new FileStamp(mask.Hash.Length, 2), photo, mask));
        }

        if (PlatformPhotos.ResultPath is { } results)
        {
            PlatformPhotos.Keep("facts.txt", lines);
            FactsFile.Write(Path.Combine(results, "pairs.facts"), CacheKey, pairs);
            if (PlatformPhotos.OtherPath is not { } other) return;
            var read = FactsFile.Read(Path.Combine(other, "pairs.facts"), CacheKey).ToList();
            Assert.Equal(pairs.Select(Bytes), read.Select(Bytes));
            return;
        }

        AssertSame(
            [
                "b5eafe7996b685b4146172eae1cdb51555eefd2d Train 53b3bb4e43f14e6e 71 224 5.5848508077 0.1448056588",
                "366e2f75181c21d2a673bd4de68ebf58f48cf3bb Train 53b3bb4e43f14e6e 71 224 5.6180410270 0.1427128231",
                "b20145971e992ff9fff38ba8a33965918a83cb5d Train 46894f8949b1b946 72 229 6.0378331634 0.1508655719",
                "d2400c1ff51bc600d6a2bdc003b7164817683076 Validation aba9f90485815e7e 72 229 5.9770171168 0.1523426827",
                "3c89be23fd2a2e9afc8dbed6624626a8938eb391 Train 72acf2b952538de4 61 165 6.9124970138 0.6847275766",
            ],
            lines);
    }

    [Theory]
    [InlineData("libtorch")]
    [InlineData("ONNX Runtime")]
    public void Logits_are_the_same_within_a_ten_thousandth(string runtime)
    {
        using var folder = new TempFolder();
        var model = PlatformPhotos.Model();
        using IInferenceEngine engine =
            runtime == "libtorch" ? new TorchEngine(model, Precision.Float32, ComputeDevice.Cpu) : new OnnxEngine(model);
        var preprocessor = new Preprocessor(model.Shape.InputSize);
        byte[] planes = new byte[preprocessor.PlanesLength];
        float[] logits = new float[engine.Size * engine.Size];
        var some = new List<float>();
        foreach (string file in PlatformPhotos.Files(folder))
        {
            using (var photo = ImageReader.ReadPhoto(file)) preprocessor.Run(photo, planes);
            engine.Predict(planes, logits);
            PlatformPhotos.Keep($"logits/{runtime}/{Path.GetFileName(file)}.bin", MemoryMarshal.AsBytes<float>(logits));
            some.AddRange(logits[1000], logits[^1000]);
        }

        if (PlatformPhotos.AreReal) return;
        AssertNear(
            [-15.614397, -15.891173, -15.612379, -15.888074, -15.640224, -15.887662, -15.578243, -15.891187, -15.730145, -15.756063],
            some.Select(l => (double)l));
    }

    /// <summary>
    /// The rates are low. A higher one multiplies differences in the last digits of the gradients, as another build of libtorch or one
    /// thread more makes them: Adam divides each gradient by its size, so a weight that hardly matters moves as far as any other. On real
    /// photos, 20 steps at 1e-4 differed by 6e-4 between Linux and Windows, from the same first loss.
    /// </summary>
    [Fact]
    public void Losses_of_a_training_in_float32_are_the_same_within_a_ten_thousandth()
    {
        using var set = TrainingSet.Noise(16, 2, 2);
        if (PlatformPhotos.AreReal)
        {
            var recipe = RealTraining(set) with { Loss = LossKind.Bce, Optimizer = OptimizerKind.Adam, LearningRate = 1e-5 };
            Losses("losses.txt", recipe with { Schedule = ScheduleKind.Plateau, AverageDecay = 0 });
            return;
        }

        var observer = new RecordingObserver();
        var options = set.Options("run", "32x2x4") with { LearningRate = 1e-5, RotationDegrees = 15, RotationProbability = 0.5 };
        TrainingSet.Train(options, observer);
        AssertNear([1.786442, 1.756644, 1.764129, 1.785526, 1.783308, 1.717643, 1.776079, 1.776139], observer.Steps.Select(s => s.Loss));
    }

    /// <summary>Trains, and keeps the losses of the steps.</summary>
    private static void Losses(string name, TrainingOptions options)
    {
        var observer = new RecordingObserver();
        TrainingSet.Train(options, observer);
        Assert.Equal(20, observer.Steps.Count);
        PlatformPhotos.Keep(name, observer.Steps.Select(s => s.Loss.ToString("R", CultureInfo.InvariantCulture)));
    }

    /// <summary>Copies the real photos and returns a training on 32 of them at 256 pixels: 20 steps of 8 photos.</summary>
    private static TrainingOptions RealTraining(TrainingSet set)
    {
        Directory.CreateDirectory(set["real", "images"]);
        Directory.CreateDirectory(set["real", "masks"]);
        var parts = new Dictionary<string, string>();
        foreach (var (i, file) in PlatformPhotos.RealFiles().Index())
        {
            string name = Path.GetFileName(file);
            File.Copy(file, set["real", "images", name]);
            File.Copy(PlatformPhotos.MaskOf(file), set["real", "masks", name]);
            parts.Add(name, i < 32 ? "train" : i < 36 ? "validation" : "test");
        }

        File.WriteAllText(set["real.json"], JsonSerializer.Serialize(new { photos = parts }));
        return set.Options("run", "256x5x8") with { DataPath = set["real"], SplitPath = set["real.json"], BaseChannels = 16 };
    }

    private static void AssertNear(double[] expected, IEnumerable<double> actual)
    {
        double[] found = [.. actual];
        string text = string.Join(", ", found.Select(v => v.ToString("0.000000", CultureInfo.InvariantCulture)));
        Assert.True(expected.Length == found.Length && expected.Zip(found, (a, b) => Math.Abs(a - b)).Max() <= 1e-4, text);
    }

    private static void AssertSame(string[] expected, List<string> actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual.ToArray()), string.Join('\n', actual));

    private static string Short(ReadOnlySpan<byte> bytes) => FileHash.ComputeBytes(bytes)[..16];

    private static byte[] Bytes(CachedPair pair)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream)) pair.Write(writer);
        return stream.ToArray();
    }
}
