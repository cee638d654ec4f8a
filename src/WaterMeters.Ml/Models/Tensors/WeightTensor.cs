namespace WaterMeters.Ml.Models.Tensors;

/// <summary>A tensor of a model in managed memory, row-major float32, so that reading a model needs no native library.</summary>
public sealed class WeightTensor
{
    /// <summary>Creates a tensor; <paramref name="values"/> has as many elements as <paramref name="shape"/>.</summary>
    /// <exception cref="ArgumentException">The counts differ.</exception>
    public WeightTensor(long[] shape, float[] values)
    {
        if (shape.Aggregate(1L, (a, b) => a * b) != values.Length)
        {
            throw new ArgumentException($"A tensor of shape {Describe(shape)} does not have {values.Length} values.", nameof(values));
        }

        (Shape, Values) = (shape, values);
    }

    /// <summary>The sizes of the dimensions, outermost first.</summary>
    public long[] Shape { get; }

    /// <summary>The values, row-major.</summary>
    public float[] Values { get; }

    /// <summary>Formats a shape: <c>[16, 3, 3, 3]</c>.</summary>
    public static string Describe(IEnumerable<long> shape) => "[" + string.Join(", ", shape) + "]";
}
