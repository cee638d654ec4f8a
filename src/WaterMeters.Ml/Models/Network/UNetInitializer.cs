using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Network;

/// <summary>Creates the weights of an untrained network.</summary>
internal static class UNetInitializer
{
    /// <summary>
    /// Creates weights with PyTorch's defaults: convolutions uniform in +-1/sqrt(fan in) (Kaiming uniform with a = sqrt(5): He et al.
    /// 2015), BatchNorm weight 1, bias 0, mean 0, variance 1. The same seed gives the same weights.
    /// </summary>
    public static Dictionary<string, WeightTensor> Create(int baseChannels, long seed)
    {
        var weights = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        double bound = 0;
        int index = 0;
        foreach (var (name, shape) in UNetLayout.Tensors(baseChannels))
        {
            var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            if (shape.Length == 4) bound = 1 / Math.Sqrt(shape[1] * shape[2] * shape[3]);

            // A bias has one dimension, as BatchNorm's tensors have; its convolution's weight comes just before it.
            bool convolution = shape.Length == 4 || IsConvolutionBias(name);
            if (convolution)
            {
                var random = new DeterministicRandom(seed, index);
                foreach (ref float value in values.AsSpan()) value = (float)random.NextDouble(-bound, bound);
            }
            else if (name.EndsWith(".weight", StringComparison.Ordinal) || name.EndsWith(".running_var", StringComparison.Ordinal))
            {
                values.AsSpan().Fill(1);
            }

            weights.Add(name, new WeightTensor(shape, values));
            index++;
        }

        return weights;
    }

    private static bool IsConvolutionBias(string name) =>
        name is "final.bias" || name.EndsWith(".0.bias", StringComparison.Ordinal) || name.EndsWith(".3.bias", StringComparison.Ordinal);
}
