using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Models;

/// <summary>Element types of a safetensors file that this reader knows, by their names in the file.</summary>
internal enum SafeTensorType
{
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U8,
    BOOL,
}

/// <summary>Sizes and conversions of <see cref="SafeTensorType"/>.</summary>
internal static class SafeTensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this SafeTensorType type) => type switch
    {
        SafeTensorType.F64 or SafeTensorType.I64 => 8,
        SafeTensorType.F32 or SafeTensorType.I32 => 4,
        SafeTensorType.F16 or SafeTensorType.BF16 or SafeTensorType.I16 => 2,
        _ => 1,
    };

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public static bool IsFloat(this SafeTensorType type) => type is SafeTensorType.F64 or SafeTensorType.F32 or SafeTensorType.F16 or SafeTensorType.BF16;

    /// <summary>The elements as float32; <paramref name="bytes"/> are little-endian and of a floating-point type.</summary>
    public static float[] ToFloats(this SafeTensorType type, ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / type.Size()];
        switch (type)
        {
            case SafeTensorType.F32:
                bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
                break;
            case SafeTensorType.F64:
                var doubles = MemoryMarshal.Cast<byte, double>(bytes);
                for (int i = 0; i < values.Length; i++) values[i] = (float)doubles[i];
                break;
            case SafeTensorType.F16:
                var halves = MemoryMarshal.Cast<byte, Half>(bytes);
                for (int i = 0; i < values.Length; i++) values[i] = (float)halves[i];
                break;
            case SafeTensorType.BF16:
                var words = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < values.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)words[i] << 16);
                break;
            default:
                throw new ArgumentException($"{type} is no floating-point type.", nameof(type));
        }

        return values;
    }
}
