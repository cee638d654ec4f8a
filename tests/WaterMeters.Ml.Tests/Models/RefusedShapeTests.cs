using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>Networks whose size contradicts their file are refused, and the error has both shapes.</summary>
public class RefusedShapeTests
{
    [Theory]
    [InlineData(".safetensors")]
    [InlineData(".pth")]
    public void Names_both_shapes_when_the_number_of_input_channels_differs(string extension)
    {
        using var folder = new TempFolder();
        var weights = TestModels.Weights(1);
        weights["enc1.0.weight"] = new WeightTensor([4, 1, 3, 3], new float[36]);
        Write(folder["grey" + extension], ModelMetadata.Write(TestModels.Random(1)), weights);
        AssertRefused(folder["grey" + extension], "[4, 1, 3, 3]", "[4, 3, 3, 3]");
    }

    [Theory]
    [InlineData(".safetensors")]
    [InlineData(".pth")]
    public void Names_both_shapes_when_the_width_differs_from_the_declared_or_assumed_one(string extension)
    {
        using var folder = new TempFolder();
        string path = folder["wide" + extension];
        var weights = TestModels.Weights(1, baseChannels: 8);
        Write(path, new Dictionary<string, string>(), weights);
        AssertRefused(path, "[8, 3, 3, 3]", "[16, 3, 3, 3]");
        Write(path, ModelMetadata.Write(TestModels.Random(1)), weights);
        AssertRefused(path, "[8, 3, 3, 3]", "[4, 3, 3, 3]");
        Write(path, new Dictionary<string, string> { ["watermeters.base_channels"] = "8" }, weights);
        Assert.Equal(8, ModelFile.Load(path).Shape.BaseChannels);
    }

    [Fact]
    public void Names_both_sizes_when_the_graph_and_the_metadata_differ()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["m.onnx"], OnnxGraphWriter.Write(TestModels.Random(1, 32), 48).ToArray());
        AssertRefused(folder["m.onnx"], "input size 32", "takes 48");
    }

    private static void Write(string path, IReadOnlyDictionary<string, string> metadata, Dictionary<string, WeightTensor> weights)
    {
        if (path.EndsWith(".pth", StringComparison.Ordinal))
        {
            PthFile.Write(path, metadata, [.. weights.Select(t => (t.Key, (WeightTensor?)t.Value, 0L))]);
            return;
        }

        SafeTensorsFile.Write(path, metadata, weights, new Dictionary<string, long>());
    }

    private static void AssertRefused(string path, string one, string other)
    {
        var error = Assert.Throws<ModelException>(() => ModelFile.Load(path));
        Assert.Contains(one, error.Message, StringComparison.Ordinal);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
