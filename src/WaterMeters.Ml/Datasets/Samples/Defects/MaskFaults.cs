namespace WaterMeters.Ml.Datasets.Samples.Defects;

/// <summary>Masks as people spoil them.</summary>
internal static class MaskFaults
{
    private const int Block = 8;

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

    /// <summary>Every block of 8 x 8 pixels that the window touches.</summary>
    public static SampleMask Blocks(SampleMask mask)
    {
        int across = (mask.Width + Block - 1) / Block;
        var touched = new bool[across * ((mask.Height + Block - 1) / Block)];
        for (int i = 0; i < mask.Values.Length; i++)
        {
            if (mask.Values[i] != 0) touched[(i / mask.Width / Block * across) + (i % mask.Width / Block)] = true;
        }

        return Mapped(mask.Width, mask.Height, (x, y) => touched[(y / Block * across) + (x / Block)] ? (byte)255 : (byte)0);
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
