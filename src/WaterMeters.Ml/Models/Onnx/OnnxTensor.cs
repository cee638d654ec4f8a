namespace WaterMeters.Ml.Models.Onnx;

/// <summary>A tensor in an ONNX file, mostly without its values.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type, a TensorProto.DataType.</param>
/// <param name="Shape">The sizes of its dimensions.</param>
internal sealed record OnnxTensor(string Name, int Type, long[] Shape)
{
    /// <summary>Its values when they are few integers, such as the sizes of a Resize.</summary>
    public long[]? Ints { get; init; }

    /// <summary>Its values when they are few floating-point numbers, such as the scales of a Resize.</summary>
    public float[]? Floats { get; init; }

    /// <summary>The location of its values in another file: name, offset, length in bytes; null when they are in this file.</summary>
    public (string File, long Offset, long? Length)? External { get; init; }

    /// <summary>The number of its elements.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => checked(a * b));

    /// <summary>The size of its raw data, bytes.</summary>
    public long Bytes => checked(Count * ElementBytes(Type));

    /// <summary>Returns the size of an element in bytes.</summary>
    /// <exception cref="InvalidDataException">The type is not supported.</exception>
    public static int ElementBytes(int type) => type switch
    {
        OnnxFields.Float32 or 6 or 12 => 4,   // float32, int32, uint32
        2 or 3 or 9 => 1,                     // uint8, int8, bool
        4 or 5 or 10 or 16 => 2,              // uint16, int16, float16, bfloat16
        OnnxFields.Int64 or 11 or 13 => 8,    // int64, double, uint64
        _ => throw new InvalidDataException($"a tensor has the element type {type}, which a network for photos does not need"),
    };
}
