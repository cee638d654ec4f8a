namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>A corner of a pixel: pixel (x, y) has its upper left corner at (x, y), its lower right one at (x + 1, y + 1).</summary>
internal readonly record struct PixelCorner(int X, int Y)
{
    /// <summary>The way from one corner to the other, in pixels.</summary>
    public static PixelCorner operator -(PixelCorner to, PixelCorner from) => new(to.X - from.X, to.Y - from.Y);

    /// <summary>Scalar product of two ways.</summary>
    public static long Dot(PixelCorner a, PixelCorner b) => ((long)a.X * b.X) + ((long)a.Y * b.Y);

    /// <summary>Cross product of two ways: positive when <paramref name="b"/> turns clockwise on the screen from <paramref name="a"/>.</summary>
    public static long Cross(PixelCorner a, PixelCorner b) => ((long)a.X * b.Y) - ((long)a.Y * b.X);
}
