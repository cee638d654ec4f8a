namespace WaterMeters.Ml.Models.Onnx;

/// <summary>What is known of a tensor in an ONNX file without reading its numbers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type, a TensorProto.DataType.</param>
/// <param name="Shape">Sizes of its dimensions.</param>
internal sealed record OnnxTensor(string Name, int Type, long[] Shape)
{
    /// <summary>Its values when they are few whole numbers, such as the sizes of a Resize.</summary>
    public long[]? Ints { get; init; }

    /// <summary>Its values when they are few floating-point numbers, such as the scales of a Resize.</summary>
    public float[]? Floats { get; init; }

    /// <summary>Where its numbers lie when they are in another file: location, offset, length in bytes; null when they are in this one.</summary>
    public (string File, long Offset, long? Length)? External { get; init; }

    /// <summary>Its elements.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => checked(a * b));

    /// <summary>Its bytes, as raw data.</summary>
    public long Bytes => checked(Count * ElementBytes(Type));

    /// <summary>Bytes of one element.</summary>
    /// <exception cref="InvalidDataException">This module has no use for the type.</exception>
    public static int ElementBytes(int type) => type switch
    {
        OnnxFields.Float32 or 6 or 12 => 4,   // float32, int32, uint32
        2 or 3 or 9 => 1,                     // uint8, int8, bool
        4 or 5 or 10 or 16 => 2,              // uint16, int16, float16, bfloat16
        OnnxFields.Int64 or 11 or 13 => 8,    // int64, double, uint64
        _ => throw new InvalidDataException($"a tensor has the element type {type}, which a network for photos does not need"),
    };
}
