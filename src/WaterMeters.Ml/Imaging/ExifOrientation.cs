using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Imaging;

/// <summary>EXIF orientation (tag 0x0112 of IFD0, Exif 2.32 section 4.6.4): reads it and rotates an image by it.</summary>
internal static class ExifOrientation
{
    private const ushort OrientationTag = 0x0112, ShortType = 3;
    private const int EntryLength = 12, Tile = 32;

    /// <summary>Returns the orientation in a TIFF structure, 1 to 8, or 0 when there is no valid one.</summary>
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
    /// Returns the image as a viewer shows it: <paramref name="stored"/> itself for orientation 1, otherwise a new raster, after
    /// disposing <paramref name="stored"/>.
    /// </summary>
    public static Raster ToUpright(Raster stored, int orientation)
    {
        if (orientation == 1) return stored;

        using (stored)
        {
            bool swapped = orientation >= 5;
            var upright = Raster.Rent(swapped ? stored.Height : stored.Width, swapped ? stored.Width : stored.Height, stored.Channels);
            CopyUpright(stored, 0, stored.Height, stored.Height, upright, orientation);
            return upright;
        }
    }

    /// <summary>Copies rows of the stored image to their place in the upright one.</summary>
    /// <param name="strip">The rows, as wide as the stored image.</param>
    /// <param name="first">Index of the first of them in the stored image.</param>
    /// <param name="rows">Number of rows; the strip may have room for more.</param>
    /// <param name="height">Height of the whole stored image, in rows.</param>
    /// <param name="upright">The whole image as a viewer shows it.</param>
    /// <param name="orientation">1 to 8.</param>
    public static void CopyUpright(Raster strip, int first, int rows, int height, Raster upright, int orientation)
    {
        if (strip.Channels == 4)
        {
            var target = MemoryMarshal.Cast<byte, uint>(upright.Pixels);
            Rotate(MemoryMarshal.Cast<byte, uint>(strip.Pixels), strip.Width, first, rows, height, target, orientation);
        }
        else
        {
            Rotate<byte>(strip.Pixels, strip.Width, first, rows, height, upright.Pixels, orientation);
        }
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    /// <summary>Moves the pixel at (x, y) of the stored image to index origin + x * across + y * down of the upright one.</summary>
    private static void Rotate<T>(ReadOnlySpan<T> stored, int w, int first, int rows, int h, Span<T> upright, int orientation)
    {
        var (origin, across, down) = orientation switch
        {
            2 => (w - 1, -1, w),
            3 => ((w * h) - 1, -1, -w),
            4 => ((h - 1) * w, 1, -w),
            5 => (0, h, 1),
            6 => (h - 1, h, -1),
            7 => ((w * h) - 1, -h, -1),
            8 => ((w - 1) * h, -h, 1),
            _ => (0, 1, w),
        };

        // Tiles: along a stored row, every pixel may lie in another cache line of the upright image.
        for (int top = 0; top < rows; top += Tile)
        {
            int bottom = Math.Min(top + Tile, rows);
            for (int left = 0; left < w; left += Tile)
            {
                int right = Math.Min(left + Tile, w);
                for (int y = top; y < bottom; y++)
                {
                    var line = stored.Slice((y * w) + left, right - left);
                    int to = origin + (left * across) + ((first + y) * down);
                    for (int x = 0; x < line.Length; x++, to += across) upright[to] = line[x];
                }
            }
        }
    }
}
