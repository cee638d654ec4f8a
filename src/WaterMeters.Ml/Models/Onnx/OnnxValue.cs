namespace WaterMeters.Ml.Models.Onnx;

/// <summary>An inferred value in a graph, for a batch of one.</summary>
/// <param name="Shape">The sizes of its dimensions.</param>
internal sealed record OnnxValue(long[] Shape)
{
    /// <summary>Its values when they are integers known before the run, such as the result of a Shape.</summary>
    public long[]? Ints { get; init; }

    /// <summary>Its values when they are floating-point numbers known before the run, such as scales.</summary>
    public float[]? Floats { get; init; }

    /// <summary>The number of its elements.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => checked(a * b));
}
