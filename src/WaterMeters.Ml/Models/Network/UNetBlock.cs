using TorchSharp;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Models.Network;

/// <summary>Conv3x3, BatchNorm, ReLU, twice. The caller owns the tensors.</summary>
internal sealed class UNetBlock
{
    private static readonly long[] One = [1, 1];
    private readonly (Tensor Weight, Tensor Bias, Tensor Gamma, Tensor Beta, Tensor Mean, Tensor Variance)[] halves;

    /// <summary>Creates the block from its tensors in <paramref name="tensors"/>, by name.</summary>
    public UNetBlock(IReadOnlyDictionary<string, Tensor> tensors, string name) => halves =
    [
        .. from half in Enumerable.Range(0, 2)
           let conv = $"{name}.{3 * half}"
           let norm = $"{name}.{(3 * half) + 1}"
           select (tensors[conv + ".weight"], tensors[conv + ".bias"], tensors[norm + ".weight"], tensors[norm + ".bias"],
                   tensors[norm + ".running_mean"], tensors[norm + ".running_var"]),
    ];

    /// <summary>
    /// Computes [N, out, H, W] from [N, in, H, W]. In training, BatchNorm uses the batch statistics and updates the running ones.
    /// </summary>
    public Tensor Forward(Tensor x, bool training)
    {
        using var scope = NewDisposeScope();
        foreach (var half in halves)
        {
            // The master weights stay float32; the cast is part of the graph, so their gradients come back as float32.
            var weight = half.Weight.to_type(x.dtype);
            var bias = half.Bias.to_type(x.dtype);
            x = nn.functional.conv2d(x, weight, bias, strides: One, padding: One, dilation: One);
            x = nn.functional.batch_norm(
                x, half.Mean, half.Variance, half.Gamma, half.Beta, training, momentum: UNet.NormMomentum, eps: UNet.NormEpsilon);
            x = x.relu_();
        }

        return x.MoveToOuterDisposeScope();
    }
}
