namespace WaterMeters;

/// <summary>File format of a model.</summary>
public enum ModelFormat
{
    /// <summary>The native format of the module, .safetensors.</summary>
    SafeTensors,

    /// <summary>A PyTorch state_dict as torch.save writes it, .pth.</summary>
    Pth,

    /// <summary>A portable graph, .onnx: opset 17, BatchNorm folded, dynamic batch size.</summary>
    Onnx,
}
