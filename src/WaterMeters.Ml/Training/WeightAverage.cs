using TorchSharp;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Training;

/// <summary>
/// An exponential average of all tensors of a network, running statistics included, with decay
/// min(<paramref name="decay"/>, (1 + t) / (10 + t)) at step t of a stage, so that the first steps of a stage, and the earlier
/// sizes, soon lose their influence.
/// </summary>
internal sealed class WeightAverage(double decay, UNet network) : IDisposable
{
    private readonly Dictionary<string, Tensor> average = network.Tensors.ToDictionary(
        t => t.Key, t => Copy(t.Value), StringComparer.Ordinal);

    /// <summary>Updates the average with the network's tensors after step <paramref name="step"/> of the stage, from 1.</summary>
    public void Update(long step)
    {
        double keep = Math.Min(decay, (1.0 + step) / (10.0 + step));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var kept = keep.ToScalar();
        using var added = (1 - keep).ToScalar();
        foreach (var (name, tensor) in network.Tensors) average[name].mul_(kept).add_(tensor, added);
    }

    /// <summary>Copies the average into managed memory.</summary>
    public Dictionary<string, WeightTensor> ToWeights() =>
        average.ToDictionary(t => t.Key, t => TensorMemory.ToWeights(t.Value), StringComparer.Ordinal);

    /// <summary>Overwrites the average.</summary>
    /// <param name="weights">All tensors of the network.</param>
    public void Load(IReadOnlyDictionary<string, WeightTensor> weights)
    {
        using var guard = no_grad();
        foreach (var (name, tensor) in average)
        {
            using var source = TensorMemory.FromWeights(weights[name], tensor.device);
            tensor.copy_(source);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in average.Values) tensor.Dispose();
    }

    private static Tensor Copy(Tensor tensor)
    {
        using var plain = tensor.detach();
        return plain.clone().DetachFromDisposeScope();
    }
}
