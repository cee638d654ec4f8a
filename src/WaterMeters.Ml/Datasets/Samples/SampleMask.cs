using SkiaSharp;

namespace WaterMeters.Ml.Datasets.Samples;

/// <summary>The exact mask: a pixel is 255 when its centre lies inside the window's quadrilateral, else 0.</summary>
internal sealed class SampleMask
{
    private SampleMask(int width, int height, byte[] values, int foreground)
    {
        Width = width;
        Height = height;
        Values = values;
        Coverage = foreground / ((double)width * height);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Row by row from the top, <c>Width * Height</c> bytes, 0 or 255.</summary>
    public byte[] Values { get; }

    public double Coverage { get; }

    public static SampleMask Of(WindowQuad quad, int width, int height)
    {
        var values = new byte[width * height];
        int foreground = 0;
        int lastRow = Math.Min(height - 1, (int)quad.Bottom), lastColumn = Math.Min(width - 1, (int)quad.Right);
        for (int y = Math.Max(0, (int)quad.Top); y <= lastRow; y++)
        {
            for (int x = Math.Max(0, (int)quad.Left); x <= lastColumn; x++)
            {
                if (!quad.Contains(x + 0.5, y + 0.5)) continue;
                values[y * width + x] = 255;
                foreground++;
            }
        }
        return new SampleMask(width, height, values, foreground);
    }

    /// <summary>An 8-bit grey PNG file, no alpha, no palette.</summary>
    public unsafe byte[] EncodePng()
    {
        fixed (byte* first = Values)
        {
            using var pixmap = new SKPixmap(new SKImageInfo(Width, Height, SKColorType.Gray8, SKAlphaType.Opaque), (IntPtr)first, Width);
            using SKData data = pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.NoFilters, 3))
                ?? throw new InvalidOperationException("The mask could not be encoded as PNG.");
            return data.ToArray();
        }
    }
}
