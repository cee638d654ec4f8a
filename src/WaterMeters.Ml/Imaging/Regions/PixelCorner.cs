namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>A corner of a pixel: pixel (x, y) has its upper left corner at (x, y) and its lower right one at (x + 1, y + 1).</summary>
internal readonly record struct PixelCorner(int X, int Y)
{
    /// <summary>Returns the vector from one corner to the other, in pixels.</summary>
    public static PixelCorner operator -(PixelCorner to, PixelCorner from) => new(to.X - from.X, to.Y - from.Y);

    /// <summary>Returns the dot product of two vectors.</summary>
    public static long Dot(PixelCorner a, PixelCorner b) => ((long)a.X * b.X) + ((long)a.Y * b.Y);

    /// <summary>Returns the cross product, positive when <paramref name="b"/> is clockwise of <paramref name="a"/> on the screen.</summary>
    public static long Cross(PixelCorner a, PixelCorner b) => ((long)a.X * b.Y) - ((long)a.Y * b.X);
}
