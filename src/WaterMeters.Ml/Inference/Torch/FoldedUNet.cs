using TorchSharp;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Inference.Torch;

/// <summary>The U-Net for prediction: <see cref="FoldedWeights"/> in libtorch, without gradients.</summary>
internal sealed class FoldedUNet : IDisposable
{
    private static readonly long[] One = [1, 1];
    private readonly Dictionary<string, (Tensor Weight, Tensor Bias)> convolutions = new(StringComparer.Ordinal);

    /// <summary>Copies weights to a device, as <paramref name="type"/>.</summary>
    public FoldedUNet(int baseChannels, IReadOnlyDictionary<string, WeightTensor> weights, ScalarType type, Device device)
    {
        (Type, Device) = (type, device);
        foreach (var (name, (weight, bias)) in new FoldedWeights(baseChannels, weights).Convolutions) AddConvolution(name, weight, bias);
    }

    /// <summary>Element type of the weights and of the input images.</summary>
    public ScalarType Type { get; }

    /// <summary>The device of the weights.</summary>
    public Device Device { get; }

    /// <summary>Computes logits [N, 1, S, S] of images [N, 3, S, S] in 0..1.</summary>
    public Tensor Forward(Tensor images)
    {
        var skips = new Stack<Tensor>();
        var x = images;
        for (int level = 1; level <= 4; level++)
        {
            x = Block($"enc{level}", x);
            skips.Push(x);
            x = nn.functional.max_pool2d(x, 2, 2);
        }

        x = Block("bottleneck", x);
        for (int level = 4; level >= 1; level--)
        {
            var skip = skips.Pop();
            x = nn.functional.interpolate(x, [skip.shape[2], skip.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);
            x = Block($"dec{level}", cat([x, skip], 1));
        }

        var (weight, bias) = convolutions["final"];
        return nn.functional.conv2d(x, weight, bias);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (weight, bias) in convolutions.Values)
        {
            weight.Dispose();
            bias.Dispose();
        }
    }

    private Tensor Block(string name, Tensor x) => Convolve(name + ".3", Convolve(name + ".0", x));

    private Tensor Convolve(string name, Tensor x)
    {
        var (weight, bias) = convolutions[name];
        return nn.functional.conv2d(x, weight, bias, strides: One, padding: One, dilation: One).relu_();
    }

    private void AddConvolution(string name, WeightTensor weight, WeightTensor bias)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        convolutions.Add(name, (ToTensor(weight), ToTensor(bias)));

        Tensor ToTensor(WeightTensor values)
        {
            using var source = TensorMemory.FromWeights(values, Device);
            return source.to_type(Type).DetachFromDisposeScope();
        }
    }
}
