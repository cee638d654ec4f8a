using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>Encodes masks as PNG files of kinds that Skia does not write (W3C PNG, chapters 5 and 11).</summary>
internal static class MaskPngEncoder
{
    private const int Grey = 0, Colour = 2, Palette = 3, ColourAndAlpha = 6;

    /// <summary>Returns the mask with 16 bits per value: 0 or 65535.</summary>
    public static byte[] SixteenBit(SampleMask mask) => Encode(mask, 16, Grey, value => [value, value]);

    /// <summary>Returns the mask with a palette: index 0 is black, 1 is white.</summary>
    public static byte[] WithPalette(SampleMask mask) =>
        Encode(mask, 8, Palette, value => [(byte)(value >> 7)], ("PLTE", [0, 0, 0, 255, 255, 255]));

    /// <summary>Returns the mask painted in a colour on black.</summary>
    public static byte[] Coloured(SampleMask mask, byte red, byte green, byte blue) =>
        Encode(mask, 8, Colour, value => value == 0 ? [0, 0, 0] : [red, green, blue]);

    /// <summary>Returns the mask in white on a transparent background.</summary>
    public static byte[] Transparent(SampleMask mask) => Encode(mask, 8, ColourAndAlpha, value => [value, value, value, value]);

    private static byte[] Encode(
        SampleMask mask, byte depth, byte colour, Func<byte, byte[]> pixel, params (string Name, byte[] Body)[] extraChunks)
    {
        byte[] background = pixel(0), foreground = pixel(255);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int i = 0; i < mask.Values.Length; i++)
            {
                if (i % mask.Width == 0) zlib.WriteByte(0); // filter type of the line: none
                zlib.Write(mask.Values[i] == 0 ? background : foreground);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, mask.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), mask.Height);
        (header[8], header[9]) = (depth, colour);
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
        WriteChunk(file, "IHDR", header);
        foreach (var (name, body) in extraChunks) WriteChunk(file, name, body);
        WriteChunk(file, "IDAT", packed.ToArray());
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void WriteChunk(MemoryStream file, string name, byte[] body)
    {
        byte[] tagged = [.. System.Text.Encoding.ASCII.GetBytes(name), .. body];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        file.Write(tagged);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(tagged));
        file.Write(number);
    }
}
