using System.Buffers.Binary;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>Makes damaged files. JPEG input must be written by this module: ITU-T T.81, annex B, without fill bytes.</summary>
internal static class FileDefects
{
    private const byte StartOfFrame = 0xc0, StartOfScan = 0xda, Quantization = 0xdb, App1 = 0xe1;

    /// <summary>Returns the first two thirds of a file.</summary>
    public static byte[] Truncated(byte[] file) => file[..(file.Length * 2 / 3)];

    /// <summary>Returns a JPEG file without its quantization tables: complete, but it cannot be decoded.</summary>
    public static byte[] WithoutQuantization(byte[] jpeg)
    {
        byte[] damaged = [.. jpeg[..2]];
        int end = 2;
        foreach (var (marker, segment) in Segments(jpeg))
        {
            end = segment.End.Value;
            if (marker != Quantization) damaged = [.. damaged, .. jpeg[segment]];
        }

        return [.. damaged, .. jpeg[end..]];
    }

    /// <summary>Returns a JPEG file without its end marker.</summary>
    public static byte[] WithoutEnd(byte[] jpeg) => jpeg[..^2];

    /// <summary>Returns a JPEG file without the last third of its pixel data; its end marker is there.</summary>
    public static byte[] WithoutRest(byte[] jpeg)
    {
        int start = Segments(jpeg).Last().Segment.End.Value;
        return [.. jpeg[..(start + ((jpeg.Length - start) * 2 / 3))], .. jpeg[^2..]];
    }

    /// <summary>Returns a JPEG file with another size in its header.</summary>
    public static byte[] WithHeaderSize(byte[] jpeg, ushort width, ushort height)
    {
        byte[] damaged = [.. jpeg];
        int frame = Segments(jpeg).First(s => s.Marker == StartOfFrame).Segment.Start.Value;
        BinaryPrimitives.WriteUInt16BigEndian(damaged.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(damaged.AsSpan(frame + 7), width);
        return damaged;
    }

    /// <summary>Returns a JPEG file with an EXIF orientation: with 6 a viewer rotates it by 90 degrees, with 3 by 180.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        // TIFF with one directory of one entry: tag 0x112, type short, count 1, the value.
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
