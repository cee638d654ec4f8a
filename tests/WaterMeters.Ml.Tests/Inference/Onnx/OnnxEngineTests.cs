using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Tests.Models;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Inference.Onnx;

public class OnnxEngineTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 48)]
    [InlineData(3, 96)]
    public void Logits_equal_those_of_libtorch_at_any_input_size(int seed, int size)
    {
        var model = TestModels.Random(seed, size);
        byte[] planes = Planes(seed, size);
        float[] expected = new float[size * size], logits = new float[size * size];
        using (var torch = new TorchEngine(model, Precision.Float32, ComputeDevice.Cpu)) torch.Predict(planes, expected);

        using var engine = new OnnxEngine(model);
        engine.Predict(planes, logits);

        Assert.Equal((size, Precision.Float32, ComputeDevice.Cpu), (engine.Size, engine.Precision, engine.Device));
        Assert.InRange(expected.Zip(logits, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4f);
        Assert.True(expected.Max() - expected.Min() > 0.01f, "constant logits would prove nothing");
    }

    [Fact]
    public void Weights_and_the_file_written_from_them_give_the_same_logits()
    {
        using var folder = new TempFolder();
        var provenance = new ModelProvenance([new string('a', 64)], [new string('b', 64)], "data", "split");
        var model = TestModels.Create(TestModels.Weights(5), 64, seen: provenance);
        File.WriteAllBytes(folder["model.onnx"], OnnxGraphWriter.Write(model, 64).ToArray());
        var read = ModelFile.Load(folder["model.onnx"]);
        byte[] planes = Planes(5, 64);
        float[] fromWeights = new float[64 * 64], fromFile = new float[64 * 64];

        using (var engine = new OnnxEngine(model)) engine.Predict(planes, fromWeights);
        using (var engine = InferenceEngines.Create(read)) engine.Predict(planes, fromFile);

        Assert.Equal(fromWeights, fromFile);
        Assert.Equal(new UNetShape(TestModels.BaseChannels, 64), read.Shape);
        Assert.Equal([new string('a', 64)], read.Provenance!.TrainingPhotos);
        Assert.Empty(read.Warnings);
        Assert.Throws<SettingsException>(() => InferenceEngines.Create(read, Precision.BFloat16));
    }

    [Fact]
    public void Runs_an_MLflow_model_folder_with_weights_in_a_separate_file()
    {
        var model = ModelFile.Load(SharedFolder.Golden("mlflow", "models", "onnx"));
        Assert.Equal(64, model.Shape.InputSize);
        Assert.Contains(model.Warnings, w => w.Contains("which photos it has seen", StringComparison.Ordinal));
        float[] logits = new float[64 * 64];
        using var engine = InferenceEngines.Create(model);
        engine.Predict(Planes(1, 64), logits);
        Assert.All(logits, l => Assert.True(float.IsFinite(l)));
        Assert.True(logits.Max() > logits.Min());
    }

    private static byte[] Planes(int seed, int size)
    {
        byte[] planes = new byte[3 * size * size];
        var random = new DeterministicRandom(seed, size);
        foreach (ref byte value in planes.AsSpan()) value = (byte)random.NextInt(256);
        return planes;
    }
}
