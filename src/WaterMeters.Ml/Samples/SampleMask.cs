using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>Mask of a drawn photo.</summary>
internal sealed class SampleMask
{
    /// <summary>Creates a mask from any values, [height, width].</summary>
    public SampleMask(int width, int height, byte[] values)
    {
        Width = width;
        Height = height;
        Values = values;
        Coverage = values.Count(value => value >= 127) / ((double)width * height);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Values, [height, width], row by row from the top; 0 or 255 in a clean mask.</summary>
    public byte[] Values { get; }

    /// <summary>Fraction of the mask that is foreground, 0..1.</summary>
    public double Coverage { get; }

    /// <summary>Draws the exact mask: 255 where the centre of a pixel lies in the window's quadrilateral, otherwise 0.</summary>
    public static SampleMask Draw(WindowQuad quad, int width, int height)
    {
        var values = new byte[width * height];
        int lastRow = Math.Min(height - 1, (int)quad.Bottom), lastColumn = Math.Min(width - 1, (int)quad.Right);
        for (int y = Math.Max(0, (int)quad.Top); y <= lastRow; y++)
        {
            for (int x = Math.Max(0, (int)quad.Left); x <= lastColumn; x++)
            {
                if (quad.Contains(x + 0.5, y + 0.5)) values[y * width + x] = 255;
            }
        }
        return new SampleMask(width, height, values);
    }

    /// <summary>Returns the mask as an 8-bit grey PNG file without alpha or palette.</summary>
    public byte[] EncodePng() => Encode("PNG", pixels => pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.NoFilters, 3)));

    /// <summary>Returns the mask as a grey JPEG file.</summary>
    public byte[] EncodeJpeg(int quality) => Encode("JPEG", pixels =>
        pixels.Encode(new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore)));

    private unsafe byte[] Encode(string format, Func<SKPixmap, SKData?> encode)
    {
        fixed (byte* first = Values)
        {
            using var pixmap = new SKPixmap(new SKImageInfo(Width, Height, SKColorType.Gray8, SKAlphaType.Opaque), (IntPtr)first, Width);
            using SKData data = encode(pixmap) ?? throw new InvalidOperationException($"Cannot encode the mask as {format}.");
            return data.ToArray();
        }
    }
}
