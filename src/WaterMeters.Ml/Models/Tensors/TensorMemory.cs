using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Models.Tensors;

/// <summary>Copies between managed memory and libtorch tensors.</summary>
internal static class TensorMemory
{
    /// <summary>
    /// Creates a tensor outside of any dispose scope. Four-dimensional ones are channels-last, which makes convolutions faster.
    /// </summary>
    public static Tensor FromWeights(WeightTensor weights, Device device)
    {
        using var scope = NewDisposeScope();
        var tensor = empty(weights.Shape, dtype: ScalarType.Float32);
        MemoryMarshal.AsBytes(weights.Values.AsSpan()).CopyTo(tensor.bytes);
        return ChannelsLast(tensor).to(device).MoveToOuterDisposeScope().DetachFromDisposeScope();
    }

    /// <summary>Copies a tensor to managed memory, row-major float32.</summary>
    public static WeightTensor ToWeights(Tensor tensor)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var plain = tensor.detach().to_type(ScalarType.Float32).cpu().contiguous();
        return new WeightTensor(plain.shape, MemoryMarshal.Cast<byte, float>(plain.bytes).ToArray());
    }

    /// <summary>Returns the same values with the channels innermost in memory.</summary>
    public static Tensor ChannelsLast(Tensor tensor) =>
        tensor.dim() == 4 ? tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : tensor;

    /// <summary>Returns the value of a tensor with one float32 element. (item() creates a Scalar that nothing keeps alive.)</summary>
    public static float Value(Tensor tensor)
    {
        using var here = tensor.detach().cpu();
        return MemoryMarshal.Read<float>(here.bytes);
    }
}
