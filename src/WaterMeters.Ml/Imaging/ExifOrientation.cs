using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Imaging;

/// <summary>The orientation of EXIF (tag 0x0112 of IFD0, Exif 2.32 section 4.6.4): its value, and the picture turned by it.</summary>
internal static class ExifOrientation
{
    private const ushort OrientationTag = 0x0112, ShortType = 3;
    private const int EntryLength = 12, Tile = 32;

    /// <summary>The orientation in a TIFF structure, 1 to 8, or 0 when it holds none that is valid.</summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return 0;
        bool little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8)) return 0;

        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2) return 0;

        int count = UInt16(tiff[(int)directory..], little);
        for (int i = 0; i < count; i++)
        {
            long at = directory + 2 + ((long)i * EntryLength);
            if (at + EntryLength > tiff.Length) return 0;

            var entry = tiff.Slice((int)at, EntryLength);
            if (UInt16(entry, little) != OrientationTag) continue;
            int value = UInt16(entry[8..], little);
            return UInt16(entry[2..], little) == ShortType && value is >= 1 and <= 8 ? value : 0;
        }

        return 0;
    }

    /// <summary>
    /// The picture as a viewer shows it: <paramref name="stored"/> itself for orientation 1, else a new raster, and
    /// <paramref name="stored"/> is disposed.
    /// </summary>
    public static Raster Upright(Raster stored, int orientation)
    {
        if (orientation == 1) return stored;

        using (stored)
        {
            bool swapped = orientation >= 5;
            var upright = Raster.Rent(swapped ? stored.Height : stored.Width, swapped ? stored.Width : stored.Height, stored.Channels);
            if (stored.Channels == 4)
            {
                Turn(MemoryMarshal.Cast<byte, uint>(stored.Pixels), stored.Width, stored.Height, MemoryMarshal.Cast<byte, uint>(upright.Pixels), upright.Width, upright.Height, orientation);
            }
            else
            {
                Turn<byte>(stored.Pixels, stored.Width, stored.Height, upright.Pixels, upright.Width, upright.Height, orientation);
            }

            return upright;
        }
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    /// <summary>The pixel at (x, y) of the upright picture is the stored one at origin + x * across + y * down.</summary>
    private static void Turn<T>(ReadOnlySpan<T> stored, int w, int h, Span<T> upright, int width, int height, int orientation)
    {
        var (origin, across, down) = orientation switch
        {
            2 => (w - 1, -1, w),
            3 => ((w * h) - 1, -1, -w),
            4 => ((h - 1) * w, 1, -w),
            5 => (0, w, 1),
            6 => ((h - 1) * w, -w, 1),
            7 => ((w * h) - 1, -w, -1),
            8 => (w - 1, w, -1),
            _ => (0, 1, w),
        };

        // In tiles: a column of the stored picture touches a new cache line at every step.
        for (int top = 0; top < height; top += Tile)
        {
            int bottom = Math.Min(top + Tile, height);
            for (int left = 0; left < width; left += Tile)
            {
                int columns = Math.Min(Tile, width - left);
                for (int y = top; y < bottom; y++)
                {
                    int from = origin + (left * across) + (y * down);
                    var line = upright.Slice((y * width) + left, columns);
                    for (int x = 0; x < line.Length; x++, from += across) line[x] = stored[from];
                }
            }
        }
    }
}
