namespace WaterMeters.Ml.Models.Onnx;

/// <summary>A setting of an ONNX node; one of its values is given.</summary>
internal sealed record OnnxAttribute
{
    /// <summary>A whole number.</summary>
    public long? Int { get; init; }

    /// <summary>A floating-point number.</summary>
    public float? Float { get; init; }

    /// <summary>A text.</summary>
    public string? Text { get; init; }

    /// <summary>Whole numbers.</summary>
    public long[]? Ints { get; init; }

    /// <summary>A tensor.</summary>
    public OnnxTensor? Tensor { get; init; }
}
