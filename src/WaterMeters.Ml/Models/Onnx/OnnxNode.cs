namespace WaterMeters.Ml.Models.Onnx;

/// <summary>One operation of an ONNX graph.</summary>
internal sealed class OnnxNode
{
    /// <summary>What it does, such as <c>Conv</c>.</summary>
    public string Operation { get; set; } = "";

    /// <summary>Where the operation is defined; empty for ONNX itself.</summary>
    public string Domain { get; set; } = "";

    /// <summary>Its own name, for messages; may be empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>Names of what goes in; an empty one is an input that is left out.</summary>
    public List<string> Inputs { get; } = [];

    /// <summary>Names of what comes out.</summary>
    public List<string> Outputs { get; } = [];

    /// <summary>Its settings.</summary>
    public Dictionary<string, OnnxAttribute> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>A whole number among the settings.</summary>
    public long Int(string attribute, long standard) => Attributes.TryGetValue(attribute, out var value) ? value.Int ?? throw Kind(attribute) : standard;

    /// <summary>A text among the settings.</summary>
    public string Text(string attribute, string standard) => Attributes.TryGetValue(attribute, out var value) ? value.Text ?? throw Kind(attribute) : standard;

    /// <summary>Whole numbers among the settings; null when they are not given.</summary>
    public long[]? Ints(string attribute) => Attributes.TryGetValue(attribute, out var value) ? value.Ints ?? throw Kind(attribute) : null;

    private InvalidDataException Kind(string attribute) => new($"the attribute '{attribute}' of {this} has the wrong kind");

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"{Operation} '{Name}'" : $"{Operation} that makes '{Outputs.FirstOrDefault()}'";
}
