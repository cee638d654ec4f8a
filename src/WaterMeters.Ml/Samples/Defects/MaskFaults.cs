using SkiaSharp;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>Masks as people spoil them.</summary>
internal static class MaskFaults
{
    /// <summary>No window at all.</summary>
    public static SampleMask Cleared(SampleMask mask) => new(mask.Width, mask.Height, new byte[mask.Values.Length]);

    /// <summary>The first pixels of the window alone, fewer than anyone means.</summary>
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

    /// <summary>The window is background, and everything else is window.</summary>
    public static SampleMask Inverted(SampleMask mask) => new(mask.Width, mask.Height, Array.ConvertAll(mask.Values, value => (byte)(255 - value)));

    /// <summary>As drawn on the photo before it was made half as large.</summary>
    public static SampleMask Doubled(SampleMask mask) => Mapped(mask.Width * 2, mask.Height * 2, (x, y) => At(mask, x / 2, y / 2));

    /// <summary>A window whose outermost pixels are grey, as a soft brush leaves them.</summary>
    public static SampleMask Softened(SampleMask mask) => Mapped(mask.Width, mask.Height, (x, y) =>
        At(mask, x, y) == 0 ? (byte)0
        : At(mask, x - 1, y) == 0 || At(mask, x + 1, y) == 0 || At(mask, x, y - 1) == 0 || At(mask, x, y + 1) == 0 ? (byte)170
        : (byte)255);

    /// <summary>A window cut in two by a line through its centre.</summary>
    public static SampleMask Cut(SampleMask mask)
    {
        var window = Window(mask);
        return Mapped(mask.Width, mask.Height, (x, y) => (window.Width >= window.Height ? Math.Abs(x - window.MidX) : Math.Abs(y - window.MidY)) <= 1 ? (byte)0 : At(mask, x, y));
    }

    /// <summary>A window with a hole in its middle.</summary>
    public static SampleMask Pierced(SampleMask mask)
    {
        var window = Window(mask);
        double radius = Math.Sqrt(mask.Values.Count(value => value != 0)) / 12;
        return Mapped(mask.Width, mask.Height, (x, y) => Math.Abs(x - window.MidX) <= radius && Math.Abs(y - window.MidY) <= radius ? (byte)0 : At(mask, x, y));
    }

    /// <summary>The whole middle of the photo, as somebody marks it who takes the meter for the window.</summary>
    public static SampleMask Middle(SampleMask mask)
    {
        int left = mask.Width / 6, top = mask.Height / 6;
        return Mapped(mask.Width, mask.Height, (x, y) => x >= left && x < mask.Width - left && y >= top && y < mask.Height - top ? (byte)255 : (byte)0);
    }

    /// <summary>A line across the photo, of half the pixels that the window has.</summary>
    public static SampleMask Line(SampleMask mask)
    {
        int left = mask.Width / 10, length = mask.Width - (2 * left), height = Math.Max(2, mask.Values.Count(value => value != 0) / (2 * length)), top = mask.Height / 2;
        return Mapped(mask.Width, mask.Height, (x, y) => x >= left && x < left + length && y >= top && y < top + height ? (byte)255 : (byte)0);
    }

    /// <summary>The window moved by more than half of its size towards the middle of the photo.</summary>
    public static SampleMask Moved(SampleMask mask)
    {
        var window = Window(mask);
        int right = window.Width * 6 / 10 * (window.MidX < mask.Width / 2 ? 1 : -1), down = window.Height * 6 / 10 * (window.MidY < mask.Height / 2 ? 1 : -1);
        return Mapped(mask.Width, mask.Height, (x, y) => At(mask, x - right, y - down));
    }

    /// <summary>A quarter turn clockwise.</summary>
    public static SampleMask QuarterTurned(SampleMask mask) => Mapped(mask.Height, mask.Width, (x, y) => At(mask, y, mask.Height - 1 - x));

    /// <summary>A part of the mask.</summary>
    public static SampleMask Cropped(SampleMask mask, SKRectI part) => Mapped(part.Width, part.Height, (x, y) => At(mask, x + part.Left, y + part.Top));

    /// <summary>The mask of a photo twice as long.</summary>
    public static SampleMask Lengthened(SampleMask mask) =>
        mask.Width > mask.Height ? Mapped(2 * mask.Width, mask.Height, (x, y) => At(mask, x, y)) : Mapped(mask.Width, 2 * mask.Height, (x, y) => At(mask, x, y));

    /// <summary>All of a photo but the strip beside the window that costs least: the window begins at the border then.</summary>
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
        int[] meter = [.. Enumerable.Range(0, mask.Values.Length).Where(i => mask.Values[i] != 0)];
        return new SKRectI(meter.Min(i => i % mask.Width), meter.Min(i => i / mask.Width), meter.Max(i => i % mask.Width) + 1, meter.Max(i => i / mask.Width) + 1);
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
