using System.Text.Json;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Tests.Imaging;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

/// <summary>Small data sets in a folder of their own, with a split file that says which photo belongs where.</summary>
internal sealed class TrainingSet : IDisposable
{
    private readonly TempFolder folder = new();

    private TrainingSet()
    {
    }

    public string DataPath => folder["data"];

    public string SplitPath => folder["split.json"];

    /// <summary>A file or folder beside the data.</summary>
    public string this[params string[] parts] => folder[parts];

    /// <summary>Drawn meters.</summary>
    public static TrainingSet Drawn(int train, int validation, int test, int size = 96)
    {
        var set = new TrainingSet();
        string[] names = [.. SampleDataset.Write(set.DataPath, new SampleOptions { Count = train + validation + test, Size = size, Seed = 5 }).Select(f => Path.GetFileNameWithoutExtension(f.ImagePath))];
        set.Split(names, train, validation);
        return set;
    }

    /// <summary>Noise that is brighter where the meter is: quick to make and quick to learn.</summary>
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
                bool meter = p % size >= left && p % size < left + (size / 2) && p / size >= top && p / size < top + (size / 3);
                mask.Pixels[p] = meter ? (byte)255 : (byte)0;
                for (int channel = 0; channel < 3; channel++) photo.Pixels[(4 * p) + channel] = (byte)((photo.Pixels[(4 * p) + channel] / 2) + (meter ? 120 : 0));
            }

            ImageWriter.WritePng(photo, set["data", "images", names[i] + ".png"]);
            ImageWriter.WritePng(mask, set["data", "masks", names[i] + ".png"]);
        }

        set.Split([.. names], train, validation);
        return set;
    }

    /// <summary>Float32, a network of 4 channels, 2 epochs.</summary>
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

    public void Dispose() => folder.Dispose();

    private void Split(string[] names, int train, int validation)
    {
        var photos = names.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i < train ? "train" : n.i < train + validation ? "validation" : "test");
        File.WriteAllText(SplitPath, JsonSerializer.Serialize(new { photos }));
    }
}
