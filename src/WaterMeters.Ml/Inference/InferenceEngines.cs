using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Inference;

/// <summary>Chooses the engine for a model by precision, device and what is installed.</summary>
public static class InferenceEngines
{
    /// <summary>Creates an engine for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="precision">
    /// Float32 runs in ONNX Runtime, BFloat16 in libtorch; Auto is bfloat16 if the processor supports it and libtorch is installed,
    /// otherwise float32.
    /// </param>
    /// <param name="device">CUDA needs libtorch; float32 on the processor does not.</param>
    /// <exception cref="RuntimeMissingException">The runtime or device that the choice needs is not installed.</exception>
    /// <exception cref="SettingsException">The model does not run in this precision or on this device.</exception>
    public static IInferenceEngine Create(
        SegmentationModel model, Precision precision = Precision.Auto, ComputeDevice device = ComputeDevice.Auto)
    {
        if (model.Onnx is not null)
        {
            const string Remedy = "or use the .safetensors or .pth file it was exported from.";
            if (precision == Precision.BFloat16)
            {
                throw new SettingsException(
                    nameof(Precision), $"The ONNX file '{model.Path}' cannot run in bfloat16. Omit -Precision, {Remedy}");
            }

            if (device == ComputeDevice.Cuda)
            {
                throw new SettingsException(nameof(device), $"The ONNX file '{model.Path}' cannot run on CUDA. Omit -Device, {Remedy}");
            }

            return new OnnxEngine(model);
        }

        bool torch = TorchRuntime.IsAvailable;
        bool torchRequested = precision == Precision.BFloat16 || device == ComputeDevice.Cuda;
        if (precision == Precision.Auto) precision = torch ? TorchDevices.Choose(precision) : Precision.Float32;
        bool needsTorch = precision == Precision.BFloat16 || device == ComputeDevice.Cuda
            || (device == ComputeDevice.Auto && torch && TorchDevices.MayHaveCuda);
        try
        {
            return needsTorch ? new TorchEngine(model, precision, device) : new OnnxEngine(model);
        }
        catch (RuntimeMissingException) when (needsTorch && !torchRequested)
        {
            // libtorch is installed but does not load, and was not requested. Use the other engine; the records show the precision.
            return new OnnxEngine(model);
        }
    }
}
