using System.Runtime.InteropServices;
using TorchSharp;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Runtime;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Inference.Torch;

/// <summary>Runs a model in libtorch. One call at a time in a process, because each uses all cores; other calls wait.</summary>
public sealed class TorchEngine : IInferenceEngine
{
    private readonly FoldedUNet network;
    private static readonly Lock Gate = new();
    private readonly float[] interleaved;

    /// <summary>Loads libtorch if needed, and the model's folded weights into it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="precision">Numeric precision.</param>
    /// <param name="device">Compute device.</param>
    /// <param name="size">Input size to use instead of the model's own, pixels.</param>
    /// <exception cref="RuntimeMissingException">libtorch or the device is not available.</exception>
    public TorchEngine(
        SegmentationModel model, Precision precision = Precision.Auto, ComputeDevice device = ComputeDevice.Auto, int? size = null)
    {
        TorchRuntime.EnsureLoaded();
        Model = model;
        Size = size ?? model.Shape.InputSize;
        Precision = TorchDevices.Choose(precision);
        (Device, var torchDevice) = TorchDevices.Choose(device);
        interleaved = new float[3 * Size * Size];
        var type = Precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        network = new FoldedUNet(model.Shape.BaseChannels, model.Weights, type, torchDevice);
    }

    /// <inheritdoc/>
    public SegmentationModel Model { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Precision Precision { get; }

    /// <inheritdoc/>
    public ComputeDevice Device { get; }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<byte> planes, Span<float> logits)
    {
        lock (Gate)
        {
            Interleave(planes);
            using var guard = inference_mode();
            using var scope = NewDisposeScope();
            var image = empty([1, Size, Size, 3], dtype: ScalarType.Float32);
            MemoryMarshal.AsBytes(interleaved.AsSpan()).CopyTo(image.bytes);
            var output = network.Forward(image.to(network.Device).to_type(network.Type).permute(0, 3, 1, 2));
            var result = output.to_type(ScalarType.Float32).cpu().contiguous();
            MemoryMarshal.Cast<byte, float>(result.bytes).CopyTo(logits);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Gate) network.Dispose();
        NativeAllocator.Trim(); // during a training too, after each validation: blocks of one image size do not fit the next
    }

    private void Interleave(ReadOnlySpan<byte> planes)
    {
        int area = Size * Size;
        ReadOnlySpan<byte> red = planes[..area], green = planes.Slice(area, area), blue = planes.Slice(2 * area, area);
        for (int i = 0, to = 0; i < area; i++, to += 3)
        {
            interleaved[to] = red[i] / 255f;
            interleaved[to + 1] = green[i] / 255f;
            interleaved[to + 2] = blue[i] / 255f;
        }
    }
}
