namespace WaterMeters;

/// <summary>A format that models are written in.</summary>
public enum ModelFormat
{
    /// <summary>The module's own format, .safetensors.</summary>
    SafeTensors,

    /// <summary>A state_dict as torch.save writes it, .pth.</summary>
    Pth,

    /// <summary>A graph that runs anywhere, .onnx: opset 17, BatchNorm folded, the batch free.</summary>
    Onnx,
}
