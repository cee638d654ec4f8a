using System.Buffers.Binary;
using System.Text;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>Reads the fields of a protobuf message in memory without copying; every length is checked.</summary>
/// <param name="message">The message.</param>
/// <param name="limits">The limits of the whole file, shared with nested messages.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, ProtobufLimits limits)
{
    private readonly ReadOnlySpan<byte> message = message;
    private readonly ProtobufLimits limits = limits;
    private int at;
    private int start;
    private int wireType;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Whether the field has bytes: a text, a message or packed numbers.</summary>
    public readonly bool IsBytes => wireType == 2;

    /// <summary>The part of the message that the current field takes, with its number, once its value has been read or skipped.</summary>
    public readonly Range Extent => start..at;

    /// <summary>
    /// Moves to the next field; false at the end of the message. A value that is not read must be skipped with <see cref="Skip"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public bool Next()
    {
        if (at == message.Length) return false;
        limits.CountField();
        start = at;
        ulong tag = Varint();
        Field = tag >> 3 is > 0 and < 1 << 29 ? (int)(tag >> 3) : throw Damaged("a field number is out of range");
        wireType = (int)(tag & 7);
        return true;
    }

    /// <summary>Reads an integer.</summary>
    public long Int() => wireType == 0 ? (long)Varint() : throw Damaged($"field {Field} is not an integer");

    /// <summary>Reads a 32-bit floating-point number.</summary>
    public float Float() =>
        wireType == 5 ? BinaryPrimitives.ReadSingleLittleEndian(Take(4)) : throw Damaged($"field {Field} is not a floating-point number");

    /// <summary>Reads bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        if (wireType != 2) throw Damaged($"field {Field} has no bytes");
        ulong length = Varint();
        return Take(length <= int.MaxValue ? (int)length : throw Damaged($"field {Field} claims {length} bytes"));
    }

    /// <summary>Reads a nested message.</summary>
    public ProtobufReader Message() => new(Bytes(), limits);

    /// <summary>Reads a text.</summary>
    /// <param name="maxBytes">The most bytes it may have.</param>
    public string Text(int maxBytes)
    {
        var bytes = Bytes();
        if (bytes.Length > maxBytes) throw Damaged($"a text has {bytes.Length} bytes; at most {maxBytes} are supported");
        limits.CountText(bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Adds the field's integers, one or several packed, to a list.</summary>
    /// <param name="numbers">The list.</param>
    /// <param name="maxCount">The most numbers in the list; further ones are only counted, because each byte would become eight.</param>
    /// <returns>The number of integers in the field.</returns>
    public long Ints(List<long> numbers, int maxCount)
    {
        var packed = wireType == 0 ? default : Message();
        long count = 0;
        while (wireType == 0 ? count == 0 : packed.at < packed.message.Length)
        {
            long number = (long)(wireType == 0 ? Varint() : packed.Varint());
            count++;
            if (numbers.Count == maxCount) continue;
            limits.CountNumber();
            numbers.Add(number);
        }

        return count;
    }

    /// <summary>Skips the field's value.</summary>
    public void Skip()
    {
        switch (wireType)
        {
            case 0: Varint(); break;
            case 1: Take(8); break;
            case 2: Bytes(); break;
            case 5: Take(4); break;
            default: throw Damaged($"field {Field} has the unknown wire type {wireType}");
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw Damaged("a number has more than ten bytes");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > message.Length - at) throw Damaged($"{count} bytes are claimed, but only {message.Length - at} are left");
        var bytes = message.Slice(at, count);
        at += count;
        return bytes;
    }

    private static InvalidDataException Damaged(string why) => new(why);
}
