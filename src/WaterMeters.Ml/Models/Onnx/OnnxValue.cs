namespace WaterMeters.Ml.Models.Onnx;

/// <summary>What is known of a value on its way through a graph, for a batch of one.</summary>
/// <param name="Shape">Sizes of its dimensions.</param>
internal sealed record OnnxValue(long[] Shape)
{
    /// <summary>Its numbers, when they are whole and known beforehand, such as a shape that was asked for.</summary>
    public long[]? Ints { get; init; }

    /// <summary>Its numbers, when they are known beforehand, such as scales.</summary>
    public float[]? Floats { get; init; }

    /// <summary>Its elements.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => checked(a * b));
}
