using System.Runtime.InteropServices;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Samples;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>Writes what tests/Proofs/PyTorchLoads.ps1 passes to PyTorch: a .pth of this module, a photo's pixels, and our logits.</summary>
public class PyTorchHandoverTests
{
    [Fact]
    public void Writes_a_model_a_photo_and_its_logits_for_another_program()
    {
        using var own = new TempFolder();
        string folder = Environment.GetEnvironmentVariable("WMS_HANDOVER") is { Length: > 0 } given ? given : own.Path;
        foreach (var (name, source, photo) in Cases(own))
        {
            var model = source;
            ModelFile.Save(model, Path.Combine(folder, name + ".pth"));
            model = ModelFile.Load(Path.Combine(folder, name + ".pth"));
            int size = model.Shape.InputSize;
            using var engine = new TorchEngine(model, Precision.Float32, ComputeDevice.Cpu);
            var preprocessor = new Preprocessor(size);
            byte[] planes = new byte[preprocessor.PlanesLength];
            float[] logits = new float[size * size];
            using (var raster = ImageReader.ReadPhoto(photo)) preprocessor.Run(raster, planes);
            engine.Predict(planes, logits);
            Assert.True(logits.Max() > logits.Min());

            File.WriteAllBytes(Path.Combine(folder, name + ".pixels"), planes);
            File.WriteAllBytes(Path.Combine(folder, name + ".logits"), MemoryMarshal.AsBytes(logits.AsSpan()).ToArray());
            File.WriteAllText(Path.Combine(folder, name + ".txt"), FormattableString.Invariant($"{size} {model.Shape.BaseChannels}"));
        }
    }

    private static IEnumerable<(string Name, SegmentationModel Model, string Photo)> Cases(TempFolder own)
    {
        var options = new SampleOptions { Count = 1, Size = 128 };
        string drawn = SampleDataset.Write(own["drawn"], options, null, TestContext.Current.CancellationToken).Single().ImagePath;
        yield return ("random", Models.TestModels.Random(4, 64), drawn);
        if (Environment.GetEnvironmentVariable("WMS_HANDOVER") is not { Length: > 0 }) yield break;
        string first = Directory.GetFiles(Path.Combine(SharedFolder.Meters, "images"), "*.jpg").Order(StringComparer.Ordinal).First();
        yield return ("golden", ModelFile.Load(SharedFolder.Golden("models", "meter-unet-module.pth")), first);
    }
}
