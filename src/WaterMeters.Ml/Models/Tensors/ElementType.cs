using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Models.Tensors;

/// <summary>The element types that the readers know, by their names in safetensors files.</summary>
internal enum ElementType
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

/// <summary>Sizes and conversions of <see cref="ElementType"/>.</summary>
internal static class ElementTypes
{
    /// <summary>Returns the size of an element in bytes.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.F64 or ElementType.I64 => 8,
        ElementType.F32 or ElementType.I32 => 4,
        ElementType.F16 or ElementType.BF16 or ElementType.I16 => 2,
        _ => 1,
    };

    /// <summary>Returns whether the elements are floating-point numbers.</summary>
    public static bool IsFloat(this ElementType type) =>
        type is ElementType.F64 or ElementType.F32 or ElementType.F16 or ElementType.BF16;

    /// <summary>
    /// Converts little-endian elements to float32; <paramref name="into"/> has as many elements as <paramref name="bytes"/>.
    /// </summary>
    public static void ToFloats(this ElementType type, ReadOnlySpan<byte> bytes, Span<float> into)
    {
        switch (type)
        {
            case ElementType.F32:
                bytes.CopyTo(MemoryMarshal.AsBytes(into));
                break;
            case ElementType.F64:
                Convert(MemoryMarshal.Cast<byte, double>(bytes), into, v => (float)v);
                break;
            case ElementType.F16:
                Convert(MemoryMarshal.Cast<byte, Half>(bytes), into, v => (float)v);
                break;
            case ElementType.BF16:
                Convert(MemoryMarshal.Cast<byte, ushort>(bytes), into, v => BitConverter.UInt32BitsToSingle((uint)v << 16));
                break;
            case ElementType.I64:
                Convert(MemoryMarshal.Cast<byte, long>(bytes), into, v => v);
                break;
            case ElementType.I32:
                Convert(MemoryMarshal.Cast<byte, int>(bytes), into, v => v);
                break;
            case ElementType.I16:
                Convert(MemoryMarshal.Cast<byte, short>(bytes), into, v => v);
                break;
            case ElementType.I8:
                Convert(MemoryMarshal.Cast<byte, sbyte>(bytes), into, v => v);
                break;
            default:
                Convert(bytes, into, v => v);
                break;
        }
    }

    private static void Convert<T>(ReadOnlySpan<T> from, Span<float> into, Func<T, float> convert)
    {
        for (int i = 0; i < into.Length; i++) into[i] = convert(from[i]);
    }
}
