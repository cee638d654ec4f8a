using System.Buffers.Binary;
using System.Text;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Edits the version needs (<c>.gnu.version_r</c>) of a 64-bit little-endian ELF file: a needed symbol version that no
/// relocation refers to can be marked weak, and the loader of glibc then accepts a library that lacks it.
/// Layouts: System V gABI, "Section Header Table"; LSB Core, "Symbol Versioning" (Elf64_Verneed, Elf64_Vernaux).
/// </summary>
internal static class ElfVersionNeeds
{
    private const int SectionTypeVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 0x2;                    // VER_FLG_WEAK

    /// <summary>
    /// Marks as weak, in place, every need in <paramref name="file"/> whose name starts with <paramref name="prefix"/> and is not in
    /// <paramref name="offered"/>.
    /// </summary>
    /// <returns>The names that were marked.</returns>
    /// <exception cref="InvalidDataException">The file is not a 64-bit little-endian ELF file, or its tables reach beyond its
    /// end.</exception>
    public static IReadOnlyList<string> Weaken(Span<byte> file, string prefix, IReadOnlySet<string> offered)
    {
        if (file.Length < 64 || !file[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("This is not a 64-bit little-endian ELF file.");
        }

        var marked = new List<string>();
        long table = BinaryPrimitives.ReadInt64LittleEndian(file[0x28..]);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3a..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3c..]);
        for (int i = 0; i < count; i++)
        {
            var section = Slice(file, table + ((long)i * entrySize), 64);
            if (BinaryPrimitives.ReadInt32LittleEndian(section[4..]) != SectionTypeVersionNeeds) continue;

            long offset = BinaryPrimitives.ReadInt64LittleEndian(section[0x18..]);
            int link = BinaryPrimitives.ReadInt32LittleEndian(section[0x28..]);
            int files = BinaryPrimitives.ReadInt32LittleEndian(section[0x2c..]);
            var names = Slice(file, table + ((long)link * entrySize), 64);
            WeakenSection(file, offset, files, BinaryPrimitives.ReadInt64LittleEndian(names[0x18..]), prefix, offered, marked);
        }

        return marked;
    }

    /// <summary>Finds the version names that start with <paramref name="prefix"/> in a library, such as libstdc++.</summary>
    public static IReadOnlySet<string> VersionNames(ReadOnlySpan<byte> library, string prefix)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        byte[] needle = Encoding.ASCII.GetBytes(prefix);
        int at = 0;
        while (library[at..].IndexOf(needle) is >= 0 and int step)
        {
            at += step;
            int end = library[at..].IndexOf((byte)0);
            if (end is > 0 and < 64) found.Add(Encoding.ASCII.GetString(library.Slice(at, end)));
            at += needle.Length;
        }

        return found;
    }

    private static void WeakenSection(
        Span<byte> file, long need, int files, long strings, string prefix, IReadOnlySet<string> offered, List<string> marked)
    {
        for (int i = 0; i < files; i++)
        {
            var verneed = Slice(file, need, 16);
            int auxiliaries = BinaryPrimitives.ReadUInt16LittleEndian(verneed[2..]);
            long aux = need + BinaryPrimitives.ReadUInt32LittleEndian(verneed[8..]);
            for (int k = 0; k < auxiliaries; k++)
            {
                var vernaux = Slice(file, aux, 16);
                string name = Text(file, strings + BinaryPrimitives.ReadUInt32LittleEndian(vernaux[8..]));
                if (name.StartsWith(prefix, StringComparison.Ordinal) && !offered.Contains(name))
                {
                    ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(vernaux[4..]);
                    BinaryPrimitives.WriteUInt16LittleEndian(vernaux[4..], (ushort)(flags | WeakFlag));
                    marked.Add(name);
                }

                aux += BinaryPrimitives.ReadUInt32LittleEndian(vernaux[12..]);
            }

            need += BinaryPrimitives.ReadUInt32LittleEndian(verneed[12..]);
        }
    }

    private static Span<byte> Slice(Span<byte> file, long offset, int length) =>
        offset >= 0 && offset + length <= file.Length
            ? file.Slice((int)offset, length)
            : throw new InvalidDataException("A table of the ELF file reaches beyond its end.");

    private static string Text(Span<byte> file, long offset)
    {
        var rest = Slice(file, offset, 1).Length == 1 ? file[(int)offset..] : default;
        int end = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(rest[..Math.Max(end, 0)]);
    }
}
