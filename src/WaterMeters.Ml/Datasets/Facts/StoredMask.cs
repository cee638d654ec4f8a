using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>
/// Reads masks by the values in their files. A mask of exactly two values has one meaning, whatever the values are: 0 and 1, 0 and 255 of
/// 65,535, or two indices of an all-black palette.
/// </summary>
internal static class StoredMask
{
    /// <summary>Returns the different values in a mask's file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">The name that errors give it.</param>
    /// <param name="header">Its header.</param>
    /// <param name="counts">How often each grey value occurs in the mask as it is read; used where reading loses nothing.</param>
    /// <exception cref="PhotoException">The file is damaged.</exception>
    public static MaskValues Values(ReadOnlySpan<byte> file, string name, PhotoHeader header, ReadOnlySpan<int> counts)
    {
        if (IsReadExactly(header))
        {
            int lowest = counts.IndexOfAnyExcept(0), highest = counts.LastIndexOfAnyExcept(0);
            return new MaskValues(Math.Min(MaskValues.Most, counts.Length - counts.Count(0)), lowest, highest, IsOrdered: true);
        }

        var png = PngSamples.Open(file, name);
        ulong[] found = Distinct(png);
        ulong low = found.MinBy(pixel => Brightness(png, pixel)), high = found.MaxBy(pixel => Brightness(png, pixel));
        return new MaskValues(found.Length, Brightness(png, low), Brightness(png, high), found.Length < 3 && IsOrdered(png, low, high));
    }

    /// <summary>
    /// Reads a mask as it is meant: 255 for foreground, 0 for background. Foreground is 127 or more; if that makes everything the same and
    /// the file has exactly two values, the higher one.
    /// </summary>
    /// <exception cref="PhotoException">The mask cannot be read.</exception>
    public static Raster ReadBinary(string path)
    {
        byte[] file = SafeFileWriter.Read(path);
        var mask = ImageReader.ReadMask(new MemoryStream(file), path);
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        int foreground = 0;
        foreach (ref byte value in mask.Pixels)
        {
            counts[value]++;
            if (value >= Preprocessor.ForegroundThreshold) foreground++;
        }

        var header = ImageReader.ReadHeader(new MemoryStream(file), path);
        bool isFlat = foreground == 0 || foreground == mask.Pixels.Length;
        if (isFlat && !header.IsLossy && Values(file, path, header, counts) is { AreTwo: true } values)
        {
            if (!IsReadExactly(header))
            {
                mask.Dispose();
                return ReadHigher(file, path, header, values);
            }

            foreach (ref byte value in mask.Pixels) value = (byte)(value == values.Highest ? 255 : 0);
            return mask;
        }

        foreach (ref byte value in mask.Pixels) value = (byte)(value >= Preprocessor.ForegroundThreshold ? 255 : 0);
        return mask;
    }

    /// <summary>
    /// Returns whether reading a mask keeps all different values apart: JPEG and WebP, and grey without transparency and with 1 or 8 bits.
    /// </summary>
    private static bool IsReadExactly(PhotoHeader header) =>
        header.Format != ImageFormat.Png || header is { BitDepth: 1 or 8, IsColour: false, IsPalette: false, HasAlpha: false };

    private static Raster ReadHigher(byte[] file, string name, PhotoHeader header, MaskValues values)
    {
        var png = PngSamples.Open(file, name);
        var stored = Raster.Rent(png.Width, png.Height, 1);
        png.Read((samples, y, x, step) =>
        {
            var line = stored.Pixels.Slice(y * png.Width, png.Width);
            for (int i = 0; i < samples.Length; i += png.Channels, x += step)
            {
                line[x] = (byte)(Brightness(png, Pack(samples.Slice(i, png.Channels))) == values.Highest ? 255 : 0);
            }
        });
        return ExifOrientation.ToUpright(stored, header.Orientation);
    }

    /// <summary>Returns the different pixels, at most <see cref="MaskValues.Most"/>.</summary>
    private static ulong[] Distinct(PngSamples png)
    {
        var found = new HashSet<ulong>();
        png.Read((samples, _, _, _) =>
        {
            ulong last = ulong.MaxValue;
            for (int i = 0; i < samples.Length && found.Count < MaskValues.Most; i += png.Channels)
            {
                // Masks are flat: almost every pixel equals the one before.
                ulong pixel = Pack(samples.Slice(i, png.Channels));
                if (pixel != last || i == 0) found.Add(last = pixel);
            }
        });
        return [.. found.Order()];
    }

    private static ulong Pack(ReadOnlySpan<ushort> pixel)
    {
        ulong packed = 0;
        foreach (ushort sample in pixel) packed = (packed << 16) | sample;
        return packed;
    }

    private static int Brightness(PngSamples png, ulong pixel)
    {
        int brightest = 0;
        for (int i = 0; i < png.Channels; i++, pixel >>= 16)
        {
            if (i > 0 || !png.HasAlpha) brightest = Math.Max(brightest, (int)(pixel & 0xffff));
        }

        return brightest;
    }

    /// <summary>
    /// Returns whether the brighter of two pixels is clear: for a palette, index and colour must not contradict each other.
    /// </summary>
    private static bool IsOrdered(PngSamples png, ulong low, ulong high)
    {
        if (Brightness(png, low) == Brightness(png, high)) return false;
        return !png.IsPalette || Luma(png.Palette, (int)low) <= Luma(png.Palette, (int)high);
    }

    private static int Luma(byte[] palette, int index) => index * 3 + 2 < palette.Length
        ? (palette[index * 3] * 299) + (palette[(index * 3) + 1] * 587) + (palette[(index * 3) + 2] * 114)
        : 0;
}
