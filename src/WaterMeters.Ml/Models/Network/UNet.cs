using System.Runtime.InteropServices;
using TorchSharp;
using WaterMeters.Ml.Models.Tensors;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Models.Network;

/// <summary>
/// The U-Net in libtorch, for training (Ronneberger, Fischer and Brox 2015, with BatchNorm, padding and bilinear up-sampling).
/// It uses plain tensors, not TorchSharp modules: a module's finalizer disposes its tensors, and BatchNorm2d and the optimizers hold
/// numbers that the garbage collector can free during a native call.
/// </summary>
internal sealed class UNet : IDisposable
{
    /// <summary>Added to the variance (PyTorch's default).</summary>
    public const double NormEpsilon = 1e-5;

    /// <summary>Weight of a batch in the running statistics (PyTorch's default).</summary>
    public const double NormMomentum = 0.1;

    private readonly Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UNetBlock> blocks;

    /// <summary>Creates a network with these weights on a device. Call <see cref="Runtime.TorchRuntime.EnsureLoaded"/> first.</summary>
    public UNet(int baseChannels, IReadOnlyDictionary<string, WeightTensor> weights, Device device)
    {
        foreach (var (name, _) in UNetLayout.Tensors(baseChannels))
        {
            var tensor = TensorMemory.FromWeights(weights[name], device);
            if (!UNetLayout.IsBuffer(name)) tensor.requires_grad = true;
            tensors.Add(name, tensor);
        }

        blocks = UNetLayout.Blocks(baseChannels).ToDictionary(b => b.Name, b => new UNetBlock(tensors, b.Name), StringComparer.Ordinal);
    }

    /// <summary>All tensors by name: trained parameters and running statistics.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>The trained parameters by name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Parameters => tensors.Where(t => !UNetLayout.IsBuffer(t.Key));

    /// <summary>Computes logits [N, 1, S, S], float32, from images [N, 3, S, S] in 0..1; S is divisible by 16.</summary>
    public Tensor Forward(Tensor images, bool training)
    {
        // Autograd keeps what backward() needs; disposing our handles frees the rest now.
        using var scope = NewDisposeScope();
        var skips = new Stack<Tensor>();
        var x = images;
        for (int level = 1; level <= 4; level++)
        {
            skips.Push(blocks[$"enc{level}"].Forward(x, training));
            x = nn.functional.max_pool2d(skips.Peek(), 2, 2);
        }

        x = blocks["bottleneck"].Forward(x, training);
        for (int level = 4; level >= 1; level--)
        {
            using var below = x;
            x = Decode(blocks[$"dec{level}"], below, skips.Pop(), training);
        }

        // In float32: on some processors oneDNN's bfloat16 gradient of a convolution with one output channel is wrong.
        using var last = x.to_type(ScalarType.Float32);
        return nn.functional.conv2d(last, tensors["final.weight"], tensors["final.bias"]).MoveToOuterDisposeScope();
    }

    private static Tensor Decode(UNetBlock block, Tensor below, Tensor skip, bool training)
    {
        using var scope = NewDisposeScope();
        var larger = nn.functional.interpolate(
            below, [skip.shape[2], skip.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);
        var joined = cat([larger, skip], 1);
        larger.Dispose();
        return block.Forward(joined, training).MoveToOuterDisposeScope();
    }

    /// <summary>Copies all tensors to managed memory.</summary>
    public Dictionary<string, WeightTensor> ToWeights() =>
        tensors.ToDictionary(t => t.Key, t => TensorMemory.ToWeights(t.Value), StringComparer.Ordinal);

    /// <summary>Overwrites all tensors.</summary>
    public void Load(IReadOnlyDictionary<string, WeightTensor> weights)
    {
        using var guard = no_grad();
        foreach (var (name, tensor) in tensors)
        {
            using var source = TensorMemory.FromWeights(weights[name], tensor.device);
            tensor.copy_(source);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }
}
