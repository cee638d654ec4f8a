using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Network;

/// <summary>
/// The U-Net's convolutions for prediction: each BatchNorm folded into the convolution before it (weight g/sqrt(v + eps),
/// bias (b - m) g/sqrt(v + eps) + beta), computed in double precision. The same function with half the memory traffic of training.
/// </summary>
internal sealed class FoldedWeights
{
    /// <summary>Folds the weights of a network.</summary>
    /// <param name="baseChannels">Its base channels.</param>
    /// <param name="weights">Its tensors, with the names and shapes of <see cref="UNetLayout"/>.</param>
    public FoldedWeights(int baseChannels, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        var convolutions = new Dictionary<string, (WeightTensor Weight, WeightTensor Bias)>(StringComparer.Ordinal);
        foreach (var (block, _, _) in UNetLayout.Blocks(baseChannels))
        {
            convolutions.Add($"{block}.0", Fold(weights, $"{block}.0", $"{block}.1"));
            convolutions.Add($"{block}.3", Fold(weights, $"{block}.3", $"{block}.4"));
        }

        convolutions.Add("final", (weights["final.weight"], weights["final.bias"]));
        Convolutions = convolutions;
    }

    /// <summary>
    /// Weights [out, in, height, width] and biases [out] by the convolution's name: <c>enc1.0</c>, <c>enc1.3</c>, ..., <c>final</c>.
    /// </summary>
    public IReadOnlyDictionary<string, (WeightTensor Weight, WeightTensor Bias)> Convolutions { get; }

    private static (WeightTensor Weight, WeightTensor Bias) Fold(
        IReadOnlyDictionary<string, WeightTensor> weights, string conv, string norm)
    {
        WeightTensor weight = weights[conv + ".weight"];
        float[] bias = weights[conv + ".bias"].Values, gamma = weights[norm + ".weight"].Values, beta = weights[norm + ".bias"].Values,
            mean = weights[norm + ".running_mean"].Values, variance = weights[norm + ".running_var"].Values;
        var foldedWeight = new float[weight.Values.Length];
        var foldedBias = new float[bias.Length];
        int perChannel = foldedWeight.Length / bias.Length;
        for (int channel = 0; channel < bias.Length; channel++)
        {
            double scale = gamma[channel] / Math.Sqrt(variance[channel] + UNet.NormEpsilon);
            for (int i = channel * perChannel; i < (channel + 1) * perChannel; i++) foldedWeight[i] = (float)(weight.Values[i] * scale);
            foldedBias[channel] = (float)(((bias[channel] - mean[channel]) * scale) + beta[channel]);
        }

        return (new WeightTensor(weight.Shape, foldedWeight), new WeightTensor([foldedBias.Length], foldedBias));
    }
}
