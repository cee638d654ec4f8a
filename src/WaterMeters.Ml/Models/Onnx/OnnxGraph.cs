namespace WaterMeters.Ml.Models.Onnx;

/// <summary>The structure of an ONNX file, without its tensor data.</summary>
internal sealed class OnnxGraph
{
    /// <summary>The version of ONNX's operators that the file uses.</summary>
    public long Opset { get; set; }

    /// <summary>The nodes, in the order they run.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>The tensors in the file, by name.</summary>
    public Dictionary<string, OnnxTensor> Initializers { get; } = new(StringComparer.Ordinal);

    /// <summary>The inputs: name, element type and sizes, null for a variable size.</summary>
    public List<(string Name, int Type, long?[] Shape)> Inputs { get; } = [];

    /// <summary>The outputs.</summary>
    public List<(string Name, int Type, long?[] Shape)> Outputs { get; } = [];

    /// <summary>The file's metadata_props.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);
}
