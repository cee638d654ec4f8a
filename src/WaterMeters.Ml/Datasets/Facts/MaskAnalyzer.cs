using System.Runtime.InteropServices;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Imaging.Regions;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>Measures masks. Not thread-safe, because it reuses its buffers.</summary>
internal sealed class MaskAnalyzer
{
    /// <summary>Largest difference between the channels of a grey pixel; JPEG changes grey by a few levels.</summary>
    private const int GreyWithin = 40;

    /// <summary>Largest buffer that is kept, in bytes: enough for a window, not for a mask that fills a photo.</summary>
    private const int MostKept = 4 << 20;

    private readonly MaskRegions regions = new();
    private byte[] inverted = [];

    /// <summary>Measures a mask.</summary>
    /// <exception cref="PhotoException">The mask cannot be read.</exception>
    public MaskFacts Measure(string path)
    {
        // From the path first: a large file that is no image is recognized by its first bytes.
        var header = ImageReader.ReadHeader(path);
        byte[] file = SafeFileWriter.Read(path);
        int coloured = 0, transparent = 0;
        ImageFlaws flaws;
        using var mask = header.IsColour || header.HasAlpha
            ? ReadGrey(file, path, out coloured, out transparent, out flaws)
            : ImageReader.ReadMask(new MemoryStream(file), path, out flaws);
        Span<int> counts = stackalloc int[256];
        Count(mask.Pixels, counts);
        var values = StoredMask.Values(file, path, header, counts);
        int foregroundPixels = Sum(counts[Preprocessor.ForegroundThreshold..]);
        MarkForeground(mask.Pixels);
        var shape = regions.Measure(mask.Pixels, mask.Width, mask.Height);
        return new MaskFacts
        {
            Hash = FileHash.ComputeBytes(file),
            Header = header,
            Values = values,
            Flaws = flaws,
            ForegroundPixels = foregroundPixels,
            OffPixels = mask.Pixels.Length - counts[0] - counts[255],
            MiddlePixels = Sum(counts[33..223]),
            ColouredPixels = coloured,
            TransparentPixels = transparent,
            Pieces = shape.Regions,
            Holes = foregroundPixels == 0 ? 0 : CountHoles(mask),
            TouchesBorder = TouchesBorder(mask),
            RectWidth = shape.RectWidth,
            RectHeight = shape.RectHeight,
            Thumbnail = Thumbnail.Create(mask.Pixels, mask.Width, mask.Height),
        };
    }

    private static Raster ReadGrey(byte[] file, string path, out int coloured, out int transparent, out ImageFlaws flaws)
    {
        (coloured, transparent) = (0, 0);
        using var image = ImageReader.ReadPhoto(new MemoryStream(file), path, out flaws);
        uint last = 0xff000000;
        bool isColoured = false, isTransparent = false;
        foreach (uint pixel in MemoryMarshal.Cast<byte, uint>(image.Pixels))
        {
            // Masks are flat: almost every pixel equals the one before.
            if (pixel != last)
            {
                last = pixel;
                int red = (byte)pixel, green = (byte)(pixel >> 8), blue = (byte)(pixel >> 16);
                isColoured = Math.Max(red, Math.Max(green, blue)) - Math.Min(red, Math.Min(green, blue)) > GreyWithin;
                isTransparent = pixel >> 24 != 255;
            }

            if (isColoured) coloured++;
            if (isTransparent) transparent++;
        }

        return ImageReader.Luma(image);
    }

    private static void Count(ReadOnlySpan<byte> values, Span<int> counts)
    {
        counts.Clear();
        while (!values.IsEmpty)
        {
            // A mask consists of long runs of one value.
            byte value = values[0];
            int run = values.IndexOfAnyExcept(value);
            if (run < 0) run = values.Length;
            counts[value] += run;
            values = values[run..];
        }
    }

    private static int Sum(ReadOnlySpan<int> counts)
    {
        int sum = 0;
        foreach (int count in counts) sum += count;
        return sum;
    }

    private static void MarkForeground(Span<byte> values)
    {
        foreach (ref byte value in values) value = (byte)(value >= Preprocessor.ForegroundThreshold ? 255 : 0);
    }

    private static bool TouchesBorder(Raster mask)
    {
        var pixels = mask.Pixels;
        if (pixels[..mask.Width].ContainsAnyExcept((byte)0) || pixels[^mask.Width..].ContainsAnyExcept((byte)0)) return true;
        for (int y = 0; y < mask.Height; y++)
        {
            if (pixels[y * mask.Width] != 0 || pixels[((y + 1) * mask.Width) - 1] != 0) return true;
        }

        return false;
    }

    /// <summary>
    /// Counts the regions of the background, within a frame of one pixel around the foreground, except for the outer one.
    /// </summary>
    private int CountHoles(Raster mask)
    {
        var pixels = mask.Pixels;
        int top = pixels.IndexOfAnyExcept((byte)0) / mask.Width, bottom = pixels.LastIndexOfAnyExcept((byte)0) / mask.Width;
        int left = mask.Width, right = 0;
        for (int y = top; y <= bottom; y++)
        {
            var line = pixels.Slice(y * mask.Width, mask.Width);
            int first = line.IndexOfAnyExcept((byte)0);
            if (first < 0) continue;
            left = Math.Min(left, first);
            right = Math.Max(right, line.LastIndexOfAnyExcept((byte)0));
        }

        int width = right - left + 3, height = bottom - top + 3;
        if (inverted.Length < width * height) inverted = new byte[width * height];
        var background = inverted.AsSpan(0, width * height);
        background.Fill(255);
        for (int y = top; y <= bottom; y++)
        {
            var from = pixels.Slice((y * mask.Width) + left, right - left + 1);
            var to = background.Slice(((y - top + 1) * width) + 1, from.Length);
            for (int x = 0; x < from.Length; x++) to[x] = (byte)~from[x];
        }

        int holes = regions.Measure(background, width, height).Regions - 1;
        if (inverted.Length > MostKept) inverted = [];
        return holes;
    }
}
