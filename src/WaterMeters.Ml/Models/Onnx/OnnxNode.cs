namespace WaterMeters.Ml.Models.Onnx;

/// <summary>One operation of an ONNX graph.</summary>
internal sealed class OnnxNode
{
    /// <summary>Its operation, such as <c>Conv</c>.</summary>
    public string Operation { get; set; } = "";

    /// <summary>The domain of the operation; empty for ONNX itself.</summary>
    public string Domain { get; set; } = "";

    /// <summary>Its name, for messages; may be empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>The names of its inputs; empty for an omitted one.</summary>
    public List<string> Inputs { get; } = [];

    /// <summary>The names of its outputs.</summary>
    public List<string> Outputs { get; } = [];

    /// <summary>Its attributes.</summary>
    public Dictionary<string, OnnxAttribute> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>Returns an integer attribute, or the default when it is missing.</summary>
    public long Int(string attribute, long defaultValue) =>
        Attributes.TryGetValue(attribute, out var value) ? value.Int ?? throw WrongType(attribute) : defaultValue;

    /// <summary>Returns a text attribute, or the default when it is missing.</summary>
    public string Text(string attribute, string defaultValue) =>
        Attributes.TryGetValue(attribute, out var value) ? value.Text ?? throw WrongType(attribute) : defaultValue;

    /// <summary>Returns an attribute of integers; null when it is missing.</summary>
    public long[]? Ints(string attribute) =>
        Attributes.TryGetValue(attribute, out var value) ? value.Ints ?? throw WrongType(attribute) : null;

    private InvalidDataException WrongType(string attribute) => new($"the attribute '{attribute}' of {this} has the wrong type");

    /// <inheritdoc/>
    public override string ToString() =>
        Name.Length > 0 ? $"{Operation} '{Name}'" : $"{Operation} with output '{Outputs.FirstOrDefault()}'";
}
