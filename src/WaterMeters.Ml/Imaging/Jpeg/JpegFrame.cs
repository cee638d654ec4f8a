using System.Buffers.Binary;

namespace WaterMeters.Ml.Imaging.Jpeg;

/// <summary>The frame of a JPEG file: its size, its components, and the tables in force (ITU-T T.81, B.2).</summary>
internal sealed class JpegFrame
{
    private const byte DefineHuffman = 0xc4, DefineQuantization = 0xdb, DefineRestart = 0xdd;

    /// <summary>The largest DC coefficient times its quantization: 1024 for 8 bits, and a reserve for encoders that optimize.</summary>
    private const int MostDc = 1040;

    private readonly JpegHuffmanTable?[] dcTables = new JpegHuffmanTable?[4], acTables = new JpegHuffmanTable?[4];
    private readonly int[] dcQuantizations = new int[4];
    private JpegComponent[] components = [];
    private int width, height, mostAcross, mostDown;

    /// <summary>Whether the image is stored in several passes of growing precision.</summary>
    public bool IsProgressive { get; private set; }

    /// <summary>MCUs between two restart markers; 0 without them.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>MCUs in a row of the image.</summary>
    public int McuColumns => Ceiling(width, 8 * mostAcross);

    /// <summary>Rows of MCUs.</summary>
    public int McuRows => Ceiling(height, 8 * mostDown);

    /// <summary>Whether all coefficients of all components were read.</summary>
    public bool IsWhole => components.Length > 0 && Array.TrueForAll(components, component => component.IsWhole);

    /// <summary>Reads a segment before a scan; false if its kind of coding is not supported.</summary>
    public bool ReadSegment(byte marker, ReadOnlySpan<byte> body) => marker switch
    {
        DefineHuffman => ReadTables(body),
        DefineQuantization => ReadQuantizations(body),
        DefineRestart => ReadRestartInterval(body),
        _ when JpegMarkers.IsStartOfFrame(marker) => ReadFrame(marker, body),
        _ => true,
    };

    /// <summary>Reads the header of a scan; null if it is not supported.</summary>
    public JpegScan? ReadScan(ReadOnlySpan<byte> body)
    {
        if (components.Length == 0) return null;
        int count = body.Length == 0 ? 0 : body[0];
        if (count is 0 or > 4 || body.Length < 4 + (2 * count)) return null;
        var (first, last, high, low) = IsProgressive
            ? (body[1 + (2 * count)], body[2 + (2 * count)], body[3 + (2 * count)] >> 4, body[3 + (2 * count)] & 15)
            : (0, 63, 0, 0);
        if (first > last || last > 63 || low > 13 || (IsProgressive && (first > 0 ? count > 1 : last > 0))) return null;
        var used = new JpegComponent[count];
        int blocks = 0;
        for (int i = 0; i < count; i++)
        {
            byte id = body[1 + (2 * i)], tables = body[2 + (2 * i)];
            if (Array.Find(components, c => c.Id == id && !used.Contains(c)) is not { } component || (tables & 0xcc) != 0) return null;
            component.Dc = dcTables[tables >> 4];
            component.Ac = acTables[tables & 15];
            component.MostDc = (MostDc / Math.Max(1, dcQuantizations[component.Quantization])) + 1;
            bool needsDc = first == 0 && high == 0, needsAc = !IsProgressive || first > 0;
            if ((needsDc && component.Dc is null) || (needsAc && component.Ac is null)) return null;
            used[i] = component;
            blocks += component.Across * component.Down;
        }

        return count > 1 && blocks > 10 ? null : new JpegScan(used, first, last, high, low);
    }

    private bool ReadTables(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            int number = body[0] & 15;
            if (number > 3 || JpegHuffmanTable.Read(body[1..], out int length) is not { } table) return false;
            ((body[0] >> 4) == 0 ? dcTables : acTables)[number] = table;
            body = body[(1 + length)..];
        }

        return true;
    }

    private bool ReadQuantizations(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            int number = body[0] & 15, bytes = body[0] < 16 ? 1 : 2;
            if (number > 3 || body.Length < 1 + (64 * bytes)) return false;
            dcQuantizations[number] = bytes == 1 ? body[1] : BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
            body = body[(1 + (64 * bytes))..];
        }

        return true;
    }

    private bool ReadRestartInterval(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2) return false;
        RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(body);
        return true;
    }

    private bool ReadFrame(byte marker, ReadOnlySpan<byte> body)
    {
        if (marker > 0xc2 || components.Length > 0 || body.Length < 6 || body[0] != 8) return false;
        IsProgressive = marker == 0xc2;
        height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
        width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
        int count = body[5];
        if (width == 0 || height == 0 || count is 0 or > 4 || body.Length < 6 + (3 * count)) return false;
        components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            var entry = body.Slice(6 + (3 * i), 3);
            components[i] = new JpegComponent(entry[0], entry[1] >> 4, entry[1] & 15, entry[2] & 3);
            if (components[i].Across is 0 or > 4 || components[i].Down is 0 or > 4) return false;
            mostAcross = Math.Max(mostAcross, components[i].Across);
            mostDown = Math.Max(mostDown, components[i].Down);
        }

        foreach (var component in components)
        {
            component.Columns = Ceiling(width * component.Across, 8 * mostAcross);
            component.Rows = Ceiling(height * component.Down, 8 * mostDown);
            component.Stride = McuColumns * component.Across;
        }

        return true;
    }

    private static int Ceiling(int value, int step) => (value + step - 1) / step;
}
