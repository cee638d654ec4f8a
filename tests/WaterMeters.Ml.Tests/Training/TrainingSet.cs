using System.Text.Json;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Tests.Imaging;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

/// <summary>A small data set in a temporary folder, with a split file that assigns every photo.</summary>
internal sealed class TrainingSet : IDisposable
{
    private readonly TempFolder folder = new();

    private TrainingSet()
    {
    }

    public string DataPath => folder["data"];

    public string SplitPath => folder["split.json"];

    /// <summary>Returns the path of a file or folder in the temporary folder.</summary>
    public string this[params string[] parts] => folder[parts];

    /// <summary>Creates a data set of drawn meters.</summary>
    public static TrainingSet Drawn(int train, int validation, int test, int size = 96)
    {
        var set = new TrainingSet();
        var samples = SampleDataset.Write(set.DataPath, new SampleOptions { Count = train + validation + test, Size = size, Seed = 5 });
        string[] names = [.. samples.Select(f => Path.GetFileNameWithoutExtension(f.ImagePath))];
        set.Split(names, train, validation);
        return set;
    }

    /// <summary>Creates a data set of noise that is brighter in the foreground: quick to create and quick to learn.</summary>
    public static TrainingSet Noise(int train, int validation, int test, int size = 32)
    {
        var set = new TrainingSet();
        Directory.CreateDirectory(set["data", "images"]);
        Directory.CreateDirectory(set["data", "masks"]);
        var names = new List<string>();
        for (int i = 0; i < train + validation + test; i++)
        {
            names.Add($"noise_{i:D3}");
            var random = new DeterministicRandom(i, size);
            int left = random.NextInt(size / 2), top = random.NextInt(size / 2);
            using var photo = ImageFiles.Noise(size, size, 4, i);
            using var mask = Raster.Rent(size, size, 1);
            for (int p = 0; p < size * size; p++)
            {
                int x = p % size, y = p / size;
                bool foreground = x >= left && x < left + (size / 2) && y >= top && y < top + (size / 3);
                mask.Pixels[p] = foreground ? (byte)255 : (byte)0;
                for (int at = 4 * p; at < (4 * p) + 3; at++) photo.Pixels[at] = (byte)((photo.Pixels[at] / 2) + (foreground ? 120 : 0));
            }

            ImageWriter.WritePng(photo, set["data", "images", names[i] + ".png"]);
            ImageWriter.WritePng(mask, set["data", "masks", names[i] + ".png"]);
        }

        set.Split([.. names], train, validation);
        return set;
    }

    /// <summary>Options with float32, 4 base channels and, by default, 2 epochs.</summary>
    public TrainingOptions Options(string run, params string[] stages) => new()
    {
        DataPath = DataPath,
        OutputPath = folder[run],
        SplitPath = SplitPath,
        Stages = [.. stages.DefaultIfEmpty("32x2x4").Select(s => new TrainingStage(s))],
        BaseChannels = 4,
        Precision = Precision.Float32,
        Device = ComputeDevice.Cpu,
    };

    /// <summary>Trains with these options.</summary>
    public static TrainingResult Train(TrainingOptions options, RecordingObserver? observer = null, bool replace = false) =>
        Trainer.Run(options, replace, observer ?? new RecordingObserver(), TestContext.Current.CancellationToken);

    /// <summary>Resumes the run in the output folder of these options.</summary>
    public static TrainingResult Resume(TrainingOptions options, RecordingObserver? observer = null, bool allowChanges = false) =>
        Trainer.Resume(
            ResumableRun.Open(options.OutputPath)!, options, allowChanges, observer ?? new RecordingObserver(),
            TestContext.Current.CancellationToken);

    public void Dispose() => folder.Dispose();

    private void Split(string[] names, int train, int validation)
    {
        var photos = names.Index().ToDictionary(
            n => n.Item, n => n.Index < train ? "train" : n.Index < train + validation ? "validation" : "test");
        File.WriteAllText(SplitPath, JsonSerializer.Serialize(new { photos }));
    }
}
