using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>Small networks whose answer is known, or random ones from a seed.</summary>
internal static class TestModels
{
    public const int BaseChannels = 4;

    /// <summary>A random network with running statistics that are not the identity, so that a mistake in BatchNorm shows.</summary>
    public static Dictionary<string, WeightTensor> Weights(int seed, int baseChannels = BaseChannels)
    {
        var weights = UNetInitializer.Create(baseChannels, seed);
        int index = 0;
        foreach (var (name, tensor) in weights)
        {
            if (tensor.Shape.Length != 1) continue;
            var random = new DeterministicRandom(seed, 77, index++);
            bool positive = name.EndsWith("running_var", StringComparison.Ordinal);
            foreach (ref float value in tensor.Values.AsSpan()) value += (float)(positive ? random.NextDouble(-0.5, 0.5) : random.NextDouble(-0.1, 0.1));
        }

        return weights;
    }

    public static SegmentationModel Random(int seed, int size = 32, string path = "random.safetensors") =>
        Of(Weights(seed), size, path);

    /// <summary>A network that answers the same logit everywhere.</summary>
    public static SegmentationModel Constant(float logit, int size = 32, string path = "constant.safetensors", ModelProvenance? seen = null)
    {
        var weights = Weights(1);
        weights["final.weight"].Values.AsSpan().Clear();
        weights["final.bias"].Values[0] = logit;
        return Of(weights, size, path, seen);
    }

    /// <summary>A network of finite weights whose logits are not: a variance below nought has no root.</summary>
    public static SegmentationModel NotFinite(int size = 32)
    {
        var weights = Weights(1);
        weights["dec1.4.running_var"].Values.AsSpan().Fill(-1);
        return Of(weights, size, "notfinite.safetensors");
    }

    public static SegmentationModel Of(IReadOnlyDictionary<string, WeightTensor> weights, int size, string path = "model.safetensors", ModelProvenance? seen = null) => new()
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
