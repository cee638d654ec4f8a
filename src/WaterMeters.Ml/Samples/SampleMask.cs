using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>A mask of a drawn photo.</summary>
internal sealed class SampleMask
{
    /// <summary>A mask of any values.</summary>
    public SampleMask(int width, int height, byte[] values)
    {
        Width = width;
        Height = height;
        Values = values;
        Coverage = values.Count(value => value >= 127) / ((double)width * height);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Row by row from the top, <c>Width * Height</c> bytes; 0 or 255 in a sound one.</summary>
    public byte[] Values { get; }

    public double Coverage { get; }

    /// <summary>The exact mask: a pixel is 255 when its centre lies inside the window's quadrilateral, else 0.</summary>
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

    /// <summary>An 8-bit grey PNG file, no alpha, no palette.</summary>
    public byte[] EncodePng() => Encode("PNG", pixels => pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.NoFilters, 3)));

    /// <summary>A grey JPEG file.</summary>
    public byte[] EncodeJpeg(int quality) => Encode("JPEG", pixels =>
        pixels.Encode(new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore)));

    private unsafe byte[] Encode(string format, Func<SKPixmap, SKData?> encode)
    {
        fixed (byte* first = Values)
        {
            using var pixmap = new SKPixmap(new SKImageInfo(Width, Height, SKColorType.Gray8, SKAlphaType.Opaque), (IntPtr)first, Width);
            using SKData data = encode(pixmap) ?? throw new InvalidOperationException($"The mask could not be encoded as {format}.");
            return data.ToArray();
        }
    }
}
