using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;

namespace WaterMeters.Ml.Tests.Models.Onnx;

/// <summary>
/// A network that gives probabilities is refused whatever follows the Sigmoid, by its graph or by its values: as logits they would make the
/// whole photo foreground.
/// </summary>
public sealed class OnnxOutputTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Sigmoid", "Clip", "p", "low", "high")]
    [InlineData("Sigmoid", "Mul", "p", "one")]
    [InlineData("Sigmoid", "Mul", "p", "hundred")]
    [InlineData("Sigmoid", "Mul", "one", "p")]
    [InlineData("Sigmoid", "Sub", "p", "half")]
    [InlineData("Sigmoid", "Max", "p", "low")]
    [InlineData("Sigmoid", "Resize", "p", "", "scales")]
    [InlineData("Sigmoid", "BatchNormalization", "p", "one1", "zero1", "zero1", "one1")]
    [InlineData("Sigmoid", "Conv", "p", "k", "zero1")]
    [InlineData("Sigmoid", "Reshape", "p", "sizes")]
    [InlineData("HardSigmoid", "Identity", "p")]
    [InlineData("Tanh", "Clip", "p", "low", "high")]
    public void Refuses_a_bounded_output_behind_any_monotone_operation(string last, string operation, params string[] inputs)
    {
        Small().Node(last, ["c"], "p").Node(operation, inputs, "out", Attributes(operation)).Node("Identity", ["out"], "logits")
            .Write(folder["m.onnx"], "logits");
        string refusal = Assert.Throws<ModelException>(() => ModelFile.Load(folder["m.onnx"])).Message;
        Assert.Contains($"it ends with a {last}, ", refusal, StringComparison.Ordinal);
        Assert.Contains("logits are needed", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_Sigmoid_behind_a_change_of_shape_there_and_back()
    {
        Small().Node("Sigmoid", ["c"], "p").Node("Squeeze", ["p", "axis"], "flat").Node("Unsqueeze", ["flat", "axis"], "logits")
            .Sizes("axis", 1).Write(folder["m.onnx"], "logits");
        Assert.Contains("ends with a Sigmoid", Assert.Throws<ModelException>(() => ModelFile.Load(folder["m.onnx"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Sees_a_Sigmoid_behind_the_sum_with_a_constant_of_countless_paths()
    {
        // Eight nodes of 64 equal inputs: followed one by one, the paths to the tensor are 64^8.
        var network = Small().Node("Sigmoid", ["c"], "p");
        string constant = "half";
        for (int i = 0; i < 8; i++) network.Node("Max", [.. Enumerable.Repeat(constant, 64)], constant = $"max{i}");
        network.Node("Add", ["p", constant], "logits").Write(folder["m.onnx"], "logits");
        Assert.Contains("ends with a Sigmoid, and then Add",
            Assert.Throws<ModelException>(() => ModelFile.Load(folder["m.onnx"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from 0 to 1, as of probabilities", "Clip", "c", "low", "high")]
    [InlineData("and never below 0", "Relu", "c")]
    [InlineData("and never below 0", "Mul", "c", "c")]
    public void Refuses_by_values_what_the_graph_does_not_tell(string expected, string operation, params string[] inputs)
    {
        Small().Node(operation, inputs, "logits").Write(folder["m.onnx"], "logits");
        var model = ModelFile.Load(folder["m.onnx"]);
        Assert.False(model.Onnx!.OutputsLogits);
        var error = Assert.Throws<ModelException>(() => new OnnxEngine(model));
        Assert.Contains(folder["m.onnx"], error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Identity", "c")]
    [InlineData(true, "Cast", "c")]
    [InlineData(true, "Reshape", "c", "sizes")]
    [InlineData(false, "Mul", "c", "hundred")]
    [InlineData(false, "Clip", "c", "minus", "high")]
    public void Runs_logits_behind_the_same_operations(bool isToldByGraph, string operation, params string[] inputs)
    {
        Small().Node(operation, inputs, "logits", Attributes(operation)).Write(folder["m.onnx"], "logits");
        var model = ModelFile.Load(folder["m.onnx"]);
        Assert.Equal(isToldByGraph, model.Onnx!.OutputsLogits);
        float[] dark = new float[32 * 32], bright = new float[32 * 32];
        using var engine = new OnnxEngine(model);
        engine.Predict(new byte[3 * 32 * 32], dark);
        engine.Predict([.. Enumerable.Repeat((byte)255, 3 * 32 * 32)], bright);
        Assert.True(dark.All(v => v < 0) && bright.All(v => v > 0));
    }

    [Fact]
    public void Refuses_probabilities_that_only_a_photo_shows()
    {
        // A convolution of two channels, both of them the same probability: the end of the graph looks like that of logits.
        Small().Node("Sigmoid", ["c"], "p").Node("Concat", ["p", "p"], "both", ("axis", 1)).Tensor("k2", [1, 2, 1, 1], .5f, .5f)
            .Node("Conv", ["both", "k2", "zero1"], "logits").Write(folder["m.onnx"], "logits");
        var model = ModelFile.Load(folder["m.onnx"]);
        Assert.True(model.Onnx!.OutputsLogits);
        using var engine = new OnnxEngine(model);
        var error = Assert.Throws<ModelException>(() => engine.Predict(new byte[3 * 32 * 32], new float[32 * 32]));
        Assert.Contains("as of probabilities", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Accepts_a_photo_that_is_all_window()
    {
        Small().Write(folder["m.onnx"], "c");
        using var engine = new OnnxEngine(ModelFile.Load(folder["m.onnx"]));
        float[] logits = new float[32 * 32];
        engine.Predict([.. Enumerable.Repeat((byte)255, 3 * 32 * 32)], logits);
        Assert.All(logits, l => Assert.True(l > 0));
    }

    [Fact]
    public void A_gate_of_two_branches_does_not_count_as_the_end()
    {
        // x * sigmoid(x) inside of the network, and a convolution of several channels behind it.
        Small().Node("Sigmoid", ["input"], "g").Node("Mul", ["input", "g"], "swish").Node("Conv", ["swish", "w", "b"], "logits")
            .Write(folder["m.onnx"], "logits");
        Assert.True(ModelFile.Load(folder["m.onnx"]).Onnx!.OutputsLogits);
    }

    [Fact]
    public void Reads_data_files_once_into_the_model()
    {
        float[] weights = [0, 8, 8, 8];
        File.WriteAllBytes(folder["w.data"], [.. weights.SelectMany(BitConverter.GetBytes)]);
        new SmallOnnx().External("v", [1, 3, 1, 1], "w.data", offset: 4).Node("Conv", ["input", "v", "b"], "logits")
            .Write(folder["m.onnx"], "logits");
        var model = ModelFile.Load(folder["m.onnx"]);
        Assert.Equal(ModelFile.Digest(folder["m.onnx"]), model.Digest);

        // Other weights in the same place: neither the model in memory nor its digest change, and the next one has another.
        File.WriteAllBytes(folder["w.data"], new byte[16]);
        Assert.NotEqual(model.Digest, ModelFile.Load(folder["m.onnx"]).Digest);
        File.Delete(folder["w.data"]);
        float[] logits = new float[32 * 32];
        using (var engine = new OnnxEngine(model)) engine.Predict([.. Enumerable.Repeat((byte)255, 3 * 32 * 32)], logits);
        Assert.All(logits, l => Assert.Equal((UNetShape.InputChannels * 8) - 12, l, 1e-4f));
        string missing = Assert.Throws<ModelException>(() => ModelFile.Load(folder["m.onnx"])).Message;
        Assert.Contains($"'w.data', which is missing or a link. Copy that file into '{folder.Path}'", missing, StringComparison.Ordinal);
        File.WriteAllText(folder["w.data"], "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 16\n");
        string pointer = Assert.Throws<ModelException>(() => ModelFile.Load(folder["m.onnx"])).Message;
        Assert.Contains("git lfs pull", pointer, StringComparison.Ordinal);
    }

    private static (string Name, long Value)[] Attributes(string operation) => operation == "Cast" ? [("to", 1)] : [];

    private static SmallOnnx Small() => new SmallOnnx()
        .Tensor("low", [], 0).Tensor("high", [], 1).Tensor("one", [], 1).Tensor("half", [], .5f).Tensor("minus", [], -3)
        .Tensor("hundred", [], 100).Tensor("one1", [1], 1).Tensor("zero1", [1], 0).Tensor("k", [1, 1, 1, 1], 2)
        .Tensor("scales", [4], 1, 1, 1, 1).Sizes("sizes", 1, 1, 32, -1);
}
