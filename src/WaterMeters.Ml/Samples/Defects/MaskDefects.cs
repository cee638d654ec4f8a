using SkiaSharp;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>Makes masks with typical mistakes.</summary>
internal static class MaskDefects
{
    /// <summary>Returns an empty mask.</summary>
    public static SampleMask Cleared(SampleMask mask) => new(mask.Width, mask.Height, new byte[mask.Values.Length]);

    /// <summary>Returns the mask with the label number 1 for the window.</summary>
    public static SampleMask Labels(SampleMask mask) =>
        new(mask.Width, mask.Height, Array.ConvertAll(mask.Values, value => (byte)(value == 0 ? 0 : 1)));

    /// <summary>Returns only the first 20 pixels of the window, too few to be intended.</summary>
    public static SampleMask Specks(SampleMask mask)
    {
        var values = new byte[mask.Values.Length];
        for (int i = 0, left = 20; i < values.Length && left > 0; i++)
        {
            if (mask.Values[i] == 0) continue;
            values[i] = 255;
            left--;
        }

        return new SampleMask(mask.Width, mask.Height, values);
    }

    /// <summary>Returns the mask with foreground and background swapped.</summary>
    public static SampleMask Inverted(SampleMask mask) =>
        new(mask.Width, mask.Height, Array.ConvertAll(mask.Values, value => (byte)(255 - value)));

    /// <summary>Returns the mask at twice its width and height.</summary>
    public static SampleMask Doubled(SampleMask mask) => Mapped(mask.Width * 2, mask.Height * 2, (x, y) => At(mask, x / 2, y / 2));

    /// <summary>Returns the mask with grey pixels along the edge of the window, as from a soft brush.</summary>
    public static SampleMask Softened(SampleMask mask) => Mapped(mask.Width, mask.Height, (x, y) =>
        At(mask, x, y) == 0 ? (byte)0
        : At(mask, x - 1, y) == 0 || At(mask, x + 1, y) == 0 || At(mask, x, y - 1) == 0 || At(mask, x, y + 1) == 0 ? (byte)170
        : (byte)255);

    /// <summary>Returns the mask with the window split in two by a line through its centre.</summary>
    public static SampleMask Split(SampleMask mask)
    {
        var window = Window(mask);
        bool isWide = window.Width >= window.Height;
        return Mapped(mask.Width, mask.Height, (x, y) =>
            (isWide ? Math.Abs(x - window.MidX) : Math.Abs(y - window.MidY)) <= 1 ? (byte)0 : At(mask, x, y));
    }

    /// <summary>Returns the mask with a hole in the middle of the window.</summary>
    public static SampleMask WithHole(SampleMask mask)
    {
        var window = Window(mask);
        double radius = Math.Sqrt(mask.Values.Count(value => value != 0)) / 12;
        return Mapped(mask.Width, mask.Height, (x, y) =>
            Math.Abs(x - window.MidX) <= radius && Math.Abs(y - window.MidY) <= radius ? (byte)0 : At(mask, x, y));
    }

    /// <summary>Returns a mask of the middle of the photo, as if the whole meter had been marked.</summary>
    public static SampleMask WholeMeter(SampleMask mask)
    {
        int left = mask.Width / 6, top = mask.Height / 6;
        return Mapped(mask.Width, mask.Height, (x, y) =>
            x >= left && x < mask.Width - left && y >= top && y < mask.Height - top ? (byte)255 : (byte)0);
    }

    /// <summary>Returns a mask with a line across the photo, of half as many pixels as the window.</summary>
    public static SampleMask Line(SampleMask mask)
    {
        int left = mask.Width / 10, length = mask.Width - (2 * left), top = mask.Height / 2;
        int height = Math.Max(2, mask.Values.Count(value => value != 0) / (2 * length));
        return Mapped(mask.Width, mask.Height, (x, y) =>
            x >= left && x < left + length && y >= top && y < top + height ? (byte)255 : (byte)0);
    }

    /// <summary>Returns the mask with the window moved by more than half its size towards the middle of the photo.</summary>
    public static SampleMask Moved(SampleMask mask)
    {
        var window = Window(mask);
        int right = window.Width * 6 / 10 * (window.MidX < mask.Width / 2 ? 1 : -1);
        int down = window.Height * 6 / 10 * (window.MidY < mask.Height / 2 ? 1 : -1);
        return Mapped(mask.Width, mask.Height, (x, y) => At(mask, x - right, y - down));
    }

    /// <summary>Returns the mask rotated clockwise by 90 degrees.</summary>
    public static SampleMask RotatedBy90(SampleMask mask) =>
        Mapped(mask.Height, mask.Width, (x, y) => At(mask, y, mask.Height - 1 - x));

    /// <summary>Returns a part of the mask.</summary>
    public static SampleMask Cropped(SampleMask mask, SKRectI part) =>
        Mapped(part.Width, part.Height, (x, y) => At(mask, x + part.Left, y + part.Top));

    /// <summary>Returns the mask for a photo extended to twice its length.</summary>
    public static SampleMask Lengthened(SampleMask mask) =>
        mask.Width > mask.Height
            ? Mapped(2 * mask.Width, mask.Height, (x, y) => At(mask, x, y))
            : Mapped(mask.Width, 2 * mask.Height, (x, y) => At(mask, x, y));

    /// <summary>Returns the photo's area without the narrowest strip beside the window, so that the window touches the border.</summary>
    public static SKRectI UpToWindow(SampleMask mask)
    {
        var window = Window(mask);
        int below = mask.Height - window.Bottom, beyond = mask.Width - window.Right;
        int least = Math.Min(Math.Min(window.Left, window.Top), Math.Min(beyond, below));
        return least == window.Left ? new SKRectI(window.Left, 0, mask.Width, mask.Height)
            : least == window.Top ? new SKRectI(0, window.Top, mask.Width, mask.Height)
            : least == beyond ? new SKRectI(0, 0, window.Right, mask.Height)
            : new SKRectI(0, 0, mask.Width, window.Bottom);
    }

    private static SKRectI Window(SampleMask mask)
    {
        int[] foreground = [.. Enumerable.Range(0, mask.Values.Length).Where(i => mask.Values[i] != 0)];
        return new SKRectI(
            foreground.Min(i => i % mask.Width), foreground.Min(i => i / mask.Width),
            foreground.Max(i => i % mask.Width) + 1, foreground.Max(i => i / mask.Width) + 1);
    }

    private static SampleMask Mapped(int width, int height, Func<int, int, byte> value)
    {
        var values = new byte[width * height];
        for (int i = 0; i < values.Length; i++) values[i] = value(i % width, i / width);
        return new SampleMask(width, height, values);
    }

    private static byte At(SampleMask mask, int x, int y) =>
        x < 0 || y < 0 || x >= mask.Width || y >= mask.Height ? (byte)0 : mask.Values[(y * mask.Width) + x];
}
