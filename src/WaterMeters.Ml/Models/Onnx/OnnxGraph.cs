namespace WaterMeters.Ml.Models.Onnx;

/// <summary>An ONNX file, read without the numbers in it.</summary>
internal sealed class OnnxGraph
{
    /// <summary>Version of ONNX's own operators that the file was written for.</summary>
    public long Opset { get; set; }

    /// <summary>The operations, in the order they run.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>The tensors the file brings, by name.</summary>
    public Dictionary<string, OnnxTensor> Initializers { get; } = new(StringComparer.Ordinal);

    /// <summary>What goes in: element type and sizes, null for a free one.</summary>
    public List<(string Name, int Type, long?[] Shape)> Inputs { get; } = [];

    /// <summary>What comes out.</summary>
    public List<(string Name, int Type, long?[] Shape)> Outputs { get; } = [];

    /// <summary>The file's metadata_props.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);
}
