using System.Buffers.Binary;

namespace WaterMeters.Fuzz;

/// <summary>A field of a protobuf message, which can be parsed, damaged and written again.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Wire">Its wire type: 0 a number, 1 and 5 eight and four bytes, 2 bytes with their length.</param>
/// <param name="Value">The number, for wire type 0.</param>
/// <param name="Bytes">The bytes, for the other wire types.</param>
public sealed record ProtobufField(int Number, int Wire, ulong Value, byte[] Bytes)
{
    /// <summary>Creates a field of bytes.</summary>
    public ProtobufField(int number, byte[] bytes) : this(number, 2, 0, bytes)
    {
    }

    /// <summary>Parses the fields of a message; null when the bytes are not a message.</summary>
    public static List<ProtobufField>? Parse(ReadOnlySpan<byte> message)
    {
        var fields = new List<ProtobufField>();
        while (!message.IsEmpty)
        {
            if (Varint(ref message) is not { } tag || tag >> 3 is 0 or > 10_000) return null;
            var (number, wire) = ((int)(tag >> 3), (int)(tag & 7));
            ulong? value = wire is 0 or 2 ? Varint(ref message) : wire == 1 ? 8 : wire == 5 ? 4 : null;
            if (value is null) return null;
            if (wire == 0)
            {
                fields.Add(new ProtobufField(number, 0, value.Value, []));
                continue;
            }

            if (value > (ulong)message.Length) return null;
            fields.Add(new ProtobufField(number, wire, 0, message[..(int)value].ToArray()));
            message = message[(int)value..];
        }

        return fields;
    }

    /// <summary>Writes fields as a message.</summary>
    public static byte[] Write(IEnumerable<ProtobufField> fields)
    {
        var bytes = new List<byte>();
        foreach (var field in fields)
        {
            Varint(bytes, ((ulong)field.Number << 3) | (uint)field.Wire);
            if (field.Wire == 0) Varint(bytes, field.Value);
            if (field.Wire == 2) Varint(bytes, (ulong)field.Bytes.Length);
            bytes.AddRange(field.Bytes);
        }

        return [.. bytes];
    }

    /// <summary>
    /// Damages one field of a message, at any depth, so that all lengths still fit; null when the bytes are not a message.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="random">The random numbers that decide how.</param>
    /// <param name="words">Texts to replace a text with.</param>
    public static byte[]? Damage(ReadOnlySpan<byte> message, Random random, IReadOnlyList<byte[]> words)
    {
        if (Parse(message) is not { Count: > 0 } fields) return null;
        int at = random.Next(fields.Count);
        switch (random.Next(12))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(random.Next(fields.Count + 1), fields[at]);
                break;
            case 2:
                int other = random.Next(fields.Count);
                (fields[at], fields[other]) = (fields[other], fields[at]);
                break;
            default:
                fields[at] = Damaged(fields[at], random, words);
                break;
        }

        return Write(fields);
    }

    private static ProtobufField Damaged(ProtobufField field, Random random, IReadOnlyList<byte[]> words)
    {
        switch (field.Wire)
        {
            case 0:
                return field with
                {
                    Value = random.Next(3) > 0 ? (ulong)random.Next(10) : (ulong)Mutation.Numbers[random.Next(Mutation.Numbers.Length)],
                };
            case 2:
                if (random.Next(8) > 0 && Damage(field.Bytes, random, words) is { } inner) return field with { Bytes = inner };
                if (random.Next(8) > 0) return field with { Bytes = words[random.Next(words.Count)] };
                goto default;
            default:
                byte[] bytes = [.. field.Bytes];
                if (bytes.Length == 4 && random.Next(2) == 0)
                {
                    float number = random.Next(5) switch { 0 => 0, 1 => -1, 2 => float.NaN, 3 => 1e30f, _ => 64 };
                    BinaryPrimitives.WriteSingleLittleEndian(bytes, number);
                }
                else if (bytes.Length > 0)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return field with { Bytes = bytes };
        }
    }

    private static ulong? Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < 10 && i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return value;
        }

        return null;
    }

    private static void Varint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }
}
