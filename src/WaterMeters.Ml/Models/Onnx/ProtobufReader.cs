using System.Buffers.Binary;
using System.Text;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>Reads the fields of one protobuf message out of memory, copying nothing; every length is held against what is there.</summary>
/// <param name="message">The message.</param>
/// <param name="limits">What the whole file may still have; messages within this one count on the same.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, ProtobufLimits limits)
{
    private readonly ReadOnlySpan<byte> message = message;
    private readonly ProtobufLimits limits = limits;
    private int at;
    private int wireType;

    /// <summary>Number of the field that <see cref="Next"/> came to.</summary>
    public int Field { get; private set; }

    /// <summary>Whether the field holds bytes: a text, a message, packed numbers.</summary>
    public readonly bool IsBytes => wireType == 2;

    /// <summary>Goes to the next field; false at the end of the message. A value that is not read must be passed over by <see cref="Skip"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no protobuf message.</exception>
    public bool Next()
    {
        if (at == message.Length) return false;
        limits.CountField();
        ulong tag = Varint();
        (Field, wireType) = (tag >> 3 is > 0 and < 1 << 29 ? (int)(tag >> 3) : throw Damaged("a field number is out of range"), (int)(tag & 7));
        return true;
    }

    /// <summary>The field's number.</summary>
    public long Int() => wireType == 0 ? (long)Varint() : throw Damaged($"field {Field} is no whole number");

    /// <summary>The field's 32-bit floating-point number.</summary>
    public float Float() => wireType == 5 ? BinaryPrimitives.ReadSingleLittleEndian(Take(4)) : throw Damaged($"field {Field} is no floating-point number");

    /// <summary>The field's bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        if (wireType != 2) throw Damaged($"field {Field} holds no bytes");
        ulong length = Varint();
        return Take(length <= int.MaxValue ? (int)length : throw Damaged($"field {Field} claims {length} bytes"));
    }

    /// <summary>The message in the field.</summary>
    public ProtobufReader Message() => new(Bytes(), limits);

    /// <summary>The field's text.</summary>
    /// <param name="longest">Bytes it may have.</param>
    public string Text(int longest)
    {
        var bytes = Bytes();
        if (bytes.Length > longest) throw Damaged($"a text of {bytes.Length} bytes stands where at most {longest} are expected");
        limits.CountText(bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Adds the field's numbers, one or several packed, to a list.</summary>
    /// <param name="numbers">The list; it takes no more than <paramref name="most"/>, so that small bytes do not become large numbers without end.</param>
    /// <param name="most">Numbers it may have.</param>
    /// <returns>How many there are.</returns>
    public long Ints(List<long> numbers, int most)
    {
        var packed = wireType == 0 ? default : Message();
        long count = 0;
        while (wireType == 0 ? count == 0 : packed.at < packed.message.Length)
        {
            long number = (long)(wireType == 0 ? Varint() : packed.Varint());
            count++;
            if (numbers.Count == most) continue;
            limits.CountNumber();
            numbers.Add(number);
        }

        return count;
    }

    /// <summary>Passes over the field's value.</summary>
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
        if (count > message.Length - at) throw Damaged($"{count} bytes are claimed and {message.Length - at} are there");
        var bytes = message.Slice(at, count);
        at += count;
        return bytes;
    }

    private static InvalidDataException Damaged(string why) => new(why);
}
