namespace WaterMeters.Ml.Models.Onnx;

/// <summary>An attribute of an ONNX node; one of its values is set.</summary>
internal sealed record OnnxAttribute
{
    /// <summary>An integer.</summary>
    public long? Int { get; init; }

    /// <summary>A floating-point number.</summary>
    public float? Float { get; init; }

    /// <summary>A text.</summary>
    public string? Text { get; init; }

    /// <summary>Integers.</summary>
    public long[]? Ints { get; init; }

    /// <summary>A tensor.</summary>
    public OnnxTensor? Tensor { get; init; }
}
