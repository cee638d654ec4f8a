namespace WaterMeters.Ml.Imaging.Jpeg;

/// <summary>A colour component of a JPEG image, and how much of it was read.</summary>
/// <param name="id">Its identifier in the file.</param>
/// <param name="across">Horizontal sampling factor: blocks of it in a row of an MCU.</param>
/// <param name="down">Vertical sampling factor.</param>
/// <param name="quantization">Index of its quantization table.</param>
internal sealed class JpegComponent(byte id, int across, int down, int quantization)
{
    private readonly sbyte[] missingBits = CreateMissing();

    /// <summary>Its identifier in the file.</summary>
    public byte Id => id;

    /// <summary>Blocks of it in a row of an MCU.</summary>
    public int Across => across;

    /// <summary>Blocks of it in a column of an MCU.</summary>
    public int Down => down;

    /// <summary>Index of its quantization table.</summary>
    public int Quantization => quantization;

    /// <summary>Blocks in a row of the image, when it is alone in a scan.</summary>
    public int Columns { get; set; }

    /// <summary>Blocks in a column of the image, when it is alone in a scan.</summary>
    public int Rows { get; set; }

    /// <summary>Blocks in a row, with those that fill up the last MCU.</summary>
    public int Stride { get; set; }

    /// <summary>In a progressive image, for each block the coefficients that are not zero, as bits; null otherwise.</summary>
    public ulong[]? NotZero { get; set; }

    /// <summary>The table of the present scan for DC coefficients.</summary>
    public JpegHuffmanTable? Dc { get; set; }

    /// <summary>The table of the present scan for AC coefficients.</summary>
    public JpegHuffmanTable? Ac { get; set; }

    /// <summary>The last DC coefficient.</summary>
    public int LastDc { get; set; }

    /// <summary>The largest DC coefficient of an image of 8 bits, with a reserve.</summary>
    public int MostDc { get; set; }

    /// <summary>Whether all bits of all coefficients were in a scan.</summary>
    public bool IsWhole => Array.TrueForAll(missingBits, bits => bits == 0);

    /// <summary>Notes that a scan contained these coefficients, down to this bit.</summary>
    public void MarkRead(int first, int last, int lowestBit) => missingBits.AsSpan(first, last - first + 1).Fill((sbyte)lowestBit);

    private static sbyte[] CreateMissing()
    {
        var bits = new sbyte[64];
        Array.Fill(bits, (sbyte)-1);
        return bits;
    }
}
