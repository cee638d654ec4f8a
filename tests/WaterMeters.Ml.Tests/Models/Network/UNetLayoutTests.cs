using System.Text.Json;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Models.Network;

public class UNetLayoutTests
{
    [Fact]
    public void Has_as_many_parameters_as_the_legacy_pipeline()
    {
        long parameters = UNetLayout.Tensors(16).Where(t => !UNetLayout.IsBuffer(t.Name)).Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b));
        Assert.Equal(1_965_569, parameters);
    }

    [Fact]
    public void Has_the_names_and_shapes_of_the_legacy_pipeline()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Golden("models", "meter-unet.json")));
        var golden = json.RootElement.EnumerateObject().ToDictionary(t => t.Name, t => t.Value);
        var floats = golden.Where(t => t.Value.GetProperty("dtype").GetString() == "torch.float32");

        Assert.Equal(
            floats.Select(t => t.Key + " " + string.Join(',', t.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()))),
            UNetLayout.Tensors(16).Select(t => t.Name + " " + string.Join(',', t.Shape)));
        Assert.Equal(
            golden.Where(t => t.Value.GetProperty("dtype").GetString() == "torch.int64").Select(t => t.Key).Order(StringComparer.Ordinal),
            UNetLayout.Counters(16).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Initializes_the_same_weights_only_for_the_same_seed()
    {
        TestModels.AssertSame(UNetInitializer.Create(4, 7), UNetInitializer.Create(4, 7));
        Assert.NotEqual(UNetInitializer.Create(4, 7)["enc3.0.weight"].Values, UNetInitializer.Create(4, 8)["enc3.0.weight"].Values);
        Assert.NotEqual(UNetInitializer.Create(4, 7)["enc3.3.bias"].Values, UNetInitializer.Create(4, 7)["enc3.0.bias"].Values);
    }

    [Fact]
    public void Initializes_weights_as_PyTorch_does()
    {
        var weights = UNetInitializer.Create(16, 3);
        foreach (var (name, shape) in UNetLayout.Tensors(16))
        {
            float[] values = weights[name].Values;
            string[] parts = name.Split('.');
            bool norm = parts[^2] is "1" or "4";
            if (norm)
            {
                Assert.All(values, v => Assert.Equal(parts[^1] is "weight" or "running_var" ? 1f : 0f, v));
                continue;
            }

            long[] kernel = shape.Length == 4 ? shape : weights[name.Replace(".bias", ".weight", StringComparison.Ordinal)].Shape;
            double bound = 1 / Math.Sqrt(kernel[1] * kernel[2] * kernel[3]);
            Assert.All(values, v => Assert.InRange(v, -bound, bound));
            if (values.Length < 2000) continue;
            Assert.InRange(values.Max(), bound * 0.98, bound);
            Assert.InRange(values.Select(v => (double)v * v).Average(), bound * bound / 3 * 0.9, bound * bound / 3 * 1.1);
        }
    }
}
