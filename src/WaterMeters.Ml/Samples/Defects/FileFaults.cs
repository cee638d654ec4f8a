using System.Buffers.Binary;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>Files as copies, cameras and strangers spoil them. The JPEG files are this module's own: ITU-T T.81, annex B, without fill bytes.</summary>
internal static class FileFaults
{
    private const byte StartOfFrame = 0xc0, StartOfScan = 0xda, Quantization = 0xdb, App1 = 0xe1;

    /// <summary>The first two thirds.</summary>
    public static byte[] Cut(byte[] file) => file[..(file.Length * 2 / 3)];

    /// <summary>A JPEG file without its quantization tables: whole, and nobody can decode it.</summary>
    public static byte[] WithoutQuantization(byte[] jpeg)
    {
        byte[] spoilt = [.. jpeg[..2]];
        int end = 2;
        foreach (var (marker, segment) in Segments(jpeg))
        {
            end = segment.End.Value;
            if (marker != Quantization) spoilt = [.. spoilt, .. jpeg[segment]];
        }

        return [.. spoilt, .. jpeg[end..]];
    }

    /// <summary>A JPEG file whose header claims another size.</summary>
    public static byte[] Claiming(byte[] jpeg, ushort width, ushort height)
    {
        byte[] spoilt = [.. jpeg];
        int frame = Segments(jpeg).First(s => s.Marker == StartOfFrame).Segment.Start.Value;
        BinaryPrimitives.WriteUInt16BigEndian(spoilt.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(spoilt.AsSpan(frame + 7), width);
        return spoilt;
    }

    /// <summary>A JPEG file with an EXIF orientation: 6 has a viewer turn it by a quarter, 3 by a half.</summary>
    public static byte[] Turned(byte[] jpeg, byte orientation)
    {
        // TIFF of one directory with one entry: tag 0x112, a short, one of them, the value.
        ReadOnlySpan<byte> exif = [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xff, App1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    private static IEnumerable<(byte Marker, Range Segment)> Segments(byte[] jpeg)
    {
        for (int at = 2; jpeg[at + 1] != StartOfScan;)
        {
            int end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2));
            yield return (jpeg[at + 1], at..end);
            at = end;
        }
    }
}
