using System.Buffers.Binary;
using System.IO.Compression;

namespace WaterMeters.Ml.Imaging;

/// <summary>Receives the samples of a line, or of every <paramref name="step"/>th pixel of it in an interlaced file.</summary>
/// <param name="samples">The samples, pixel by pixel: grey, grey and alpha, RGB, RGBA, or a palette index.</param>
/// <param name="y">The line.</param>
/// <param name="x">The first pixel.</param>
/// <param name="step">The distance between two pixels.</param>
internal delegate void PngLine(ReadOnlySpan<ushort> samples, int y, int x, int step);

/// <summary>
/// Reads the samples of a PNG file as they are stored, 1 to 16 bits or palette indices (W3C PNG, chapters 7 to 10). The decoder cuts 16
/// bits to 8 and replaces indices by colours, so values that differ in the file may be equal in a <see cref="Raster"/>.
/// </summary>
internal sealed class PngSamples
{
    private static readonly (int X, int Y, int Right, int Down)[] Whole = [(0, 0, 1, 1)];
    private static readonly (int X, int Y, int Right, int Down)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly string name;
    private readonly MemoryStream packed = new();
    private bool isInterlaced;
    private int bits;

    private PngSamples(string name) => this.name = name;

    /// <summary>Width as stored, in pixels.</summary>
    public int Width { get; private set; }

    /// <summary>Height as stored, in pixels.</summary>
    public int Height { get; private set; }

    /// <summary>Samples of a pixel, 1 to 4.</summary>
    public int Channels { get; private set; }

    /// <summary>Whether the last sample of a pixel is its transparency.</summary>
    public bool HasAlpha => Channels is 2 or 4;

    /// <summary>Samples of a pixel without its transparency, 1 or 3.</summary>
    public int ColourChannels => HasAlpha ? Channels - 1 : Channels;

    /// <summary>Whether the samples are palette indices.</summary>
    public bool IsPalette { get; private set; }

    /// <summary>R, G and B of each palette index; empty without a palette.</summary>
    public byte[] Palette { get; private set; } = [];

    /// <summary>Opens a file, of which the header was read and the pixels were decoded before.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">The name that errors give it.</param>
    /// <exception cref="PhotoException">The file is damaged.</exception>
    public static PngSamples Open(ReadOnlySpan<byte> file, string name)
    {
        var png = new PngSamples(name);
        for (long at = 8; at + 12 <= file.Length;)
        {
            var chunk = file[(int)at..];
            long length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (at + 12 + length > file.Length) throw png.Damaged();
            var type = chunk.Slice(4, 4);
            if (type.SequenceEqual("IEND"u8)) break; // phones and other programs append data of their own
            png.Add(type, chunk.Slice(8, (int)length));
            at += 12 + length;
        }

        return png.Width == 0 ? throw png.Damaged() : png;
    }

    /// <summary>Reads all lines; those of an interlaced file come in seven passes.</summary>
    /// <exception cref="PhotoException">The file is damaged.</exception>
    public void Read(PngLine line)
    {
        packed.Position = 0;
        using var stream = new ZLibStream(packed, CompressionMode.Decompress, leaveOpen: true);
        int pixelBytes = Math.Max(1, Channels * bits / 8);
        foreach (var (x, y, right, down) in isInterlaced ? Adam7 : Whole)
        {
            int width = (Width - x + right - 1) / right;
            if (width <= 0) continue;
            int count = width * Channels, length = checked((count * bits) + 7) / 8;
            byte[] current = new byte[length + 1], above = new byte[length + 1];
            var samples = new ushort[count];
            for (int row = y; row < Height; row += down)
            {
                Fill(stream, current);
                if (!TryUnfilter(current, above, pixelBytes)) throw Damaged();
                Unpack(current.AsSpan(1), samples);
                line(samples, row, x, right);
                (current, above) = (above, current);
            }
        }
    }

    private void Add(ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        if (type.SequenceEqual("IHDR"u8) && body.Length >= 13)
        {
            (Width, Height) = (BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]));
            bits = body[8];
            IsPalette = body[9] == 3;
            Channels = body[9] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
            isInterlaced = body[12] == 1;
        }
        else if (type.SequenceEqual("PLTE"u8))
        {
            Palette = body.ToArray();
        }
        else if (type.SequenceEqual("IDAT"u8))
        {
            packed.Write(body);
        }
    }

    private void Fill(ZLibStream stream, byte[] line)
    {
        try
        {
            stream.ReadExactly(line);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(e);
        }
    }

    /// <summary>Replaces differences by values; the first byte of a line is its filter.</summary>
    private static bool TryUnfilter(Span<byte> line, ReadOnlySpan<byte> above, int pixelBytes)
    {
        int filter = line[0];
        for (int i = 1; i < line.Length && filter != 0; i++)
        {
            int left = i > pixelBytes ? line[i - pixelBytes] : 0, corner = i > pixelBytes ? above[i - pixelBytes] : 0;
            line[i] += (byte)(filter switch { 1 => left, 2 => above[i], 3 => (left + above[i]) / 2, _ => Paeth(left, above[i], corner) });
        }

        return filter <= 4;
    }

    private static int Paeth(int left, int above, int corner)
    {
        int byLeft = Math.Abs(above - corner), byAbove = Math.Abs(left - corner), byCorner = Math.Abs(left + above - (2 * corner));
        return byLeft <= byAbove && byLeft <= byCorner ? left : byAbove <= byCorner ? above : corner;
    }

    private void Unpack(ReadOnlySpan<byte> line, Span<ushort> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = bits switch
            {
                16 => BinaryPrimitives.ReadUInt16BigEndian(line[(2 * i)..]),
                8 => line[i],
                _ => (ushort)((line[i * bits / 8] >> (8 - bits - (i * bits % 8))) & ((1 << bits) - 1)),
            };
        }
    }

    private PhotoException Damaged(Exception? inner = null) =>
        new(name, $"'{name}' is damaged: its values cannot be read. Save it again.", inner);
}
