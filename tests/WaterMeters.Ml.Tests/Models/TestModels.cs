using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>Small networks with a known output, or random ones from a seed.</summary>
internal static class TestModels
{
    public const int BaseChannels = 4;

    /// <summary>Creates random weights whose running statistics are not the identity, to reveal errors in BatchNorm.</summary>
    public static Dictionary<string, WeightTensor> Weights(int seed, int baseChannels = BaseChannels)
    {
        var weights = UNetInitializer.Create(baseChannels, seed);
        int index = 0;
        foreach (var (name, tensor) in weights)
        {
            if (tensor.Shape.Length != 1) continue;
            var random = new DeterministicRandom(seed, 77, index++);
            bool positive = name.EndsWith("running_var", StringComparison.Ordinal);
            double range = positive ? 0.5 : 0.1;
            foreach (ref float value in tensor.Values.AsSpan()) value += (float)random.NextDouble(-range, range);
        }

        return weights;
    }

    public static SegmentationModel Random(int seed, int size = 32, string path = "random.safetensors") =>
        Create(Weights(seed), size, path);

    /// <summary>Creates a network with the same logit everywhere.</summary>
    public static SegmentationModel Constant(float logit, int size = 32, string path = "constant.safetensors", ModelProvenance? seen = null)
    {
        var weights = Weights(1);
        weights["final.weight"].Values.AsSpan().Clear();
        weights["final.bias"].Values[0] = logit;
        return Create(weights, size, path, seen);
    }

    /// <summary>Creates a network with finite weights and infinite logits.</summary>
    public static SegmentationModel NotFinite(int size = 32)
    {
        var weights = Weights(1);
        foreach (string name in new[] { "dec1.4.weight", "dec1.4.bias", "final.weight" }) weights[name].Values.AsSpan().Fill(1e30f);
        return Create(weights, size, "notfinite.safetensors");
    }

    public static SegmentationModel Create(
        IReadOnlyDictionary<string, WeightTensor> weights,
        int size,
        string path = "model.safetensors",
        ModelProvenance? seen = null) => new()
        {
            Path = path,
            Shape = new UNetShape(BaseChannels, size),
            Weights = weights,
            Provenance = seen,
        };

    public static void AssertSame(IReadOnlyDictionary<string, WeightTensor> expected, IReadOnlyDictionary<string, WeightTensor> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in expected)
        {
            Assert.Equal(tensor.Shape, actual[name].Shape);
            Assert.True(tensor.Values.AsSpan().SequenceEqual(actual[name].Values), name + " differs");
        }
    }
}
