using System.Text;
using SkiaSharp;

namespace WaterMeters.Ml.Tests.Evaluation;

/// <summary>A small mask; a failing property prints it as rows of dots and hashes.</summary>
internal sealed record TestMask(int Width, int Height, byte[] Pixels)
{
    public TestMask(int width, int height)
        : this(width, height, new byte[width * height])
    {
    }

    public bool this[int x, int y]
    {
        get => x >= 0 && y >= 0 && x < Width && y < Height && Pixels[(y * Width) + x] != 0;
        set => Pixels[(y * Width) + x] = value ? (byte)255 : (byte)0;
    }

    public static TestMask Of(params string[] rows)
    {
        var mask = new TestMask(rows[0].Length, rows.Length);
        for (int y = 0; y < mask.Height; y++)
        {
            for (int x = 0; x < mask.Width; x++) mask[x, y] = rows[y][x] == '#';
        }

        return mask;
    }

    public static TestMask Read(string path)
    {
        using var bitmap = SKBitmap.Decode(path);
        var mask = new TestMask(bitmap.Width, bitmap.Height);
        for (int y = 0; y < mask.Height; y++)
        {
            for (int x = 0; x < mask.Width; x++) mask[x, y] = bitmap.GetPixel(x, y).Red >= 127;
        }

        return mask;
    }

    /// <summary>Fills a rectangle that is rotated clockwise by <paramref name="angle"/> degrees.</summary>
    public TestMask FillRectangle(double centreX, double centreY, double width, double height, double angle)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(angle));
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                double dx = x + 0.5 - centreX, dy = y + 0.5 - centreY;
                if (Math.Abs((dx * cos) + (dy * sin)) <= width / 2 && Math.Abs((dy * cos) - (dx * sin)) <= height / 2) this[x, y] = true;
            }
        }

        return this;
    }

    /// <summary>Returns the mask with empty columns and rows around it.</summary>
    public TestMask Pad(int left, int top, int right, int bottom)
    {
        var padded = new TestMask(left + Width + right, top + Height + bottom);
        foreach (var (x, y) in Foreground()) padded[x + left, y + top] = true;
        return padded;
    }

    public TestMask MirrorLeftRight()
    {
        var mirrored = new TestMask(Width, Height);
        foreach (var (x, y) in Foreground()) mirrored[Width - 1 - x, y] = true;
        return mirrored;
    }

    public IEnumerable<(int X, int Y)> Foreground()
    {
        for (int i = 0; i < Pixels.Length; i++)
        {
            if (Pixels[i] != 0) yield return (i % Width, i / Width);
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder().Append(Width).Append(" x ").Append(Height).AppendLine();
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++) text.Append(this[x, y] ? '#' : '.');
            text.AppendLine();
        }

        return text.ToString();
    }
}
