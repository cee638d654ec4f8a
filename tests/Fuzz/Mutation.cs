using System.Buffers.Binary;
using System.Text;
using WaterMeters.Ml.Models.PyTorch;

namespace WaterMeters.Fuzz;

/// <summary>Damages files, in one way for each seed: in a part, with the rest adjusted to it, or anywhere in the whole file.</summary>
public static class Mutation
{
    private const int MaxGrowth = 1 << 22;

    /// <summary>Numbers that often reveal errors in readers.</summary>
    internal static readonly long[] Numbers =
    [
        0, 1, -1, 2, 127, 128, 255, 256, short.MaxValue, ushort.MaxValue, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue,
        long.MinValue, 1L << 32, 1L << 40, 100_000_000, 64,
    ];

    private static readonly byte[] Opcodes = [.. Enum.GetValues<PickleOpcode>().Select(o => (byte)o)];

    /// <summary>Returns the damaged file of a seed.</summary>
    public static byte[] Apply(FileTemplate template, int seed)
    {
        var random = new Random(seed);
        if (random.Next(3) == 0) return Damage(template.Join(template.Parts), random, 1 + random.Next(3), text: false);

        var parts = template.Parts.ToList();
        switch (random.Next(8))
        {
            case 0:
                parts.Insert(random.Next(parts.Count + 1), parts[random.Next(parts.Count)]);
                break;
            case 1:
                parts.RemoveAt(random.Next(parts.Count));
                break;
            case 2:
                int one = random.Next(parts.Count), two = random.Next(parts.Count);
                (parts[one], parts[two]) = (parts[two], parts[one]);
                break;
            case 3:
                int renamed = random.Next(parts.Count);
                string name = Encoding.Latin1.GetString(Damage(Encoding.UTF8.GetBytes(parts[renamed].Name), random, 1, text: true));
                parts[renamed] = parts[renamed] with { Name = name.Length > 10_000 ? name[..10_000] : name };
                break;
            default:
                // The description is small compared to the tensors, but it is what reveals errors in readers.
                var candidates = random.Next(8) == 0 ? parts : parts.Where(p => p.Describes).ToList();
                var part = candidates[random.Next(candidates.Count)];
                bool text = part.Bytes.Length > 0 && part.Bytes[0] is (byte)'{';
                byte[]? damaged = template.DamageMessage is { } damage && random.Next(4) > 0 ? damage(part.Bytes, random) : null;
                parts[parts.IndexOf(part)] = part with
                {
                    Bytes = damaged ?? Damage(part.Bytes, random, 1 + random.Next(3), text),
                    Describes = part.Name != "length",
                };
                break;
        }

        return template.Join(parts);
    }

    /// <summary>Returns the data file of a seed, mostly undamaged; null when there is none or it is removed.</summary>
    public static byte[]? DataFile(FileTemplate template, int seed)
    {
        if (template.DataFile is not { } file) return null;
        var random = new Random(~seed);
        return random.Next(24) switch
        {
            0 => null,
            1 => file.Bytes[..random.Next(file.Bytes.Length)],
            2 => Damage(file.Bytes, random, 1, text: false),
            _ => file.Bytes,
        };
    }

    private static byte[] Damage(byte[] bytes, Random random, int times, bool text)
    {
        for (int i = 0; i < times; i++) bytes = Damage(bytes, random, text);
        return bytes;
    }

    private static byte[] Damage(byte[] bytes, Random random, bool text)
    {
        if (bytes.Length == 0) return [(byte)random.Next(256)];

        // Half of all offsets are near an end, where formats store their sizes.
        int at = random.Next(4) switch
        {
            0 => random.Next(Math.Min(bytes.Length, 64)),
            1 => bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 128)),
            _ => random.Next(bytes.Length),
        };
        int length = Math.Min(bytes.Length - at, 1 + random.Next(random.Next(4) == 0 ? 4096 : 16));
        switch (random.Next(10))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)), .. bytes[at..]];
            case 2:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 3:
                return [.. bytes[..at], .. bytes.AsSpan(at, length), .. bytes[at..]];
            case 4:
                int copies = Math.Min(MaxGrowth / length, 1 << random.Next(18));
                return [.. bytes[..at], .. Enumerable.Repeat(bytes[at..(at + length)], copies).SelectMany(b => b), .. bytes[at..]];
            case 5 or 6 when text:
                string number = random.Next(3) == 0
                    ? new string('9', 1 + random.Next(30))
                    : Numbers[random.Next(Numbers.Length)].ToString(System.Globalization.CultureInfo.InvariantCulture);
                int digit = Array.FindIndex(bytes, at, b => b is >= (byte)'0' and <= (byte)'9');
                if (digit < 0) return bytes;
                int end = digit;
                while (end < bytes.Length && bytes[end] is >= (byte)'0' and <= (byte)'9') end++;
                return [.. bytes[..digit], .. Encoding.ASCII.GetBytes(number), .. bytes[end..]];
            case 5:
                byte[] numbers = [.. bytes, .. new byte[8]];
                BinaryPrimitives.WriteInt64LittleEndian(numbers.AsSpan(at), Numbers[random.Next(Numbers.Length)]);
                int width = 1 << random.Next(4);
                return [.. bytes[..at], .. numbers.AsSpan(at, width), .. bytes[Math.Min(bytes.Length, at + width)..]];
            case 6:
                byte[] edited = [.. bytes];
                edited[at] = Opcodes[random.Next(Opcodes.Length)];
                return edited;
            case 7 when text:
                byte[] marks = "{}[]\",:\\ -.eE0tfn"u8.ToArray(), replaced = [.. bytes];
                replaced[at] = marks[random.Next(marks.Length)];
                return replaced;
            case 8:
                int from = random.Next(bytes.Length), moved = Math.Min(length, bytes.Length - from);
                byte[] copied = [.. bytes];
                Array.Copy(bytes, from, copied, at, Math.Min(moved, copied.Length - at));
                return copied;
            default:
                byte[] flipped = [.. bytes];
                for (int i = 0; i <= random.Next(8); i++)
                {
                    flipped[random.Next(2) == 0 ? at : random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                }

                return flipped;
        }
    }
}
