using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Inference;

/// <summary>Chooses the engine for a model: the precision decides, and what is on this machine.</summary>
public static class InferenceEngines
{
    /// <summary>An engine for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="precision">
    /// Float32 runs in ONNX Runtime, BFloat16 in libtorch; Auto takes bfloat16 where the processor has it and libtorch is there, else float32.
    /// </param>
    /// <param name="device">CUDA needs libtorch; on the processor float32 does not.</param>
    /// <exception cref="RuntimeMissingException">What the choice needs is not on this machine.</exception>
    /// <exception cref="SettingsException">The model cannot be run in this precision or on this device.</exception>
    public static IInferenceEngine Create(SegmentationModel model, Precision precision = Precision.Auto, ComputeDevice device = ComputeDevice.Auto)
    {
        if (model.Onnx is not null)
        {
            if (precision == Precision.BFloat16) throw new SettingsException(nameof(Precision), $"'{model.Path}' is an ONNX file and runs as it is. Leave -Precision out, or name the .safetensors or .pth it was made from.");
            if (device == ComputeDevice.Cuda) throw new SettingsException(nameof(device), $"'{model.Path}' is an ONNX file, and this module runs those on the processor. Leave -Device out, or name the .safetensors or .pth it was made from.");
            return new OnnxEngine(model);
        }

        bool torch = TorchRuntime.IsAvailable;
        bool torchIsAskedFor = precision == Precision.BFloat16 || device == ComputeDevice.Cuda;
        if (precision == Precision.Auto) precision = torch ? TorchDevices.Choose(precision) : Precision.Float32;
        bool needsTorch = precision == Precision.BFloat16 || device == ComputeDevice.Cuda || (device == ComputeDevice.Auto && torch && TorchDevices.MayHaveCuda);
        try
        {
            return needsTorch ? new TorchEngine(model, precision, device) : new OnnxEngine(model);
        }
        catch (RuntimeMissingException) when (needsTorch && !torchIsAskedFor)
        {
            // It lies there and does not load. Nobody asked for it by name, so the other engine does its part; the records say in which precision.
            return new OnnxEngine(model);
        }
    }
}
