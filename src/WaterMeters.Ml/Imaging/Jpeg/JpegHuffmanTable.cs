using System.Runtime.CompilerServices;

namespace WaterMeters.Ml.Imaging.Jpeg;

/// <summary>A Huffman table of a JPEG file (ITU-T T.81, annex C and F.2.2.3), with a direct look-up of short codes.</summary>
internal sealed class JpegHuffmanTable
{
    private const int ShortBits = 10, LongestCode = 16;

    /// <summary>What <see cref="Decode"/> returns for bits that are no code.</summary>
    public const int NoCode = -1;

    private readonly short[] shortCodes = new short[1 << ShortBits]; // length * 256 + symbol; 0 for a longer code
    private readonly int[] firstCode = new int[LongestCode + 1];
    private readonly int[] firstIndex = new int[LongestCode + 1];
    private readonly int[] counts = new int[LongestCode + 1];
    private readonly byte[] symbols;

    private JpegHuffmanTable(byte[] symbols) => this.symbols = symbols;

    /// <summary>Reads a table: 16 counts, then the symbols; null if it is invalid.</summary>
    /// <param name="definition">The table, and what follows it.</param>
    /// <param name="length">The bytes that it takes.</param>
    public static JpegHuffmanTable? Read(ReadOnlySpan<byte> definition, out int length)
    {
        length = LongestCode;
        if (definition.Length < LongestCode) return null;
        foreach (byte count in definition[..LongestCode]) length += count;
        if (length > LongestCode + 256 || length > definition.Length) return null;

        var table = new JpegHuffmanTable(definition[LongestCode..length].ToArray());
        for (int bits = 1, code = 0, index = 0; bits <= LongestCode; bits++, code <<= 1)
        {
            int count = definition[bits - 1];
            (table.firstCode[bits], table.firstIndex[bits], table.counts[bits]) = (code, index, count);
            if (code + count > 1 << bits) return null;
            for (int i = 0; i < count && bits <= ShortBits; i++)
            {
                int from = (code + i) << (ShortBits - bits);
                table.shortCodes.AsSpan(from, 1 << (ShortBits - bits)).Fill((short)((bits << 8) | table.symbols[index + i]));
            }

            code += count;
            index += count;
        }

        return table;
    }

    /// <summary>Finds the code at the start of some bits.</summary>
    /// <param name="next">32 bits, the first in the highest place.</param>
    /// <returns>The length of the code times 256 plus its symbol; <see cref="NoCode"/> if there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Decode(uint next)
    {
        int found = shortCodes[next >> (32 - ShortBits)];
        return found != 0 ? found : DecodeLong(next);
    }

    private int DecodeLong(uint next)
    {
        for (int bits = ShortBits + 1; bits <= LongestCode; bits++)
        {
            int offset = (int)(next >> (32 - bits)) - firstCode[bits];
            if (offset >= 0 && offset < counts[bits]) return (bits << 8) | symbols[firstIndex[bits] + offset];
        }

        return NoCode;
    }
}
