using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>The window in the image: a convex quadrilateral in pixels, corners in order.</summary>
internal readonly record struct WindowQuad(SKPoint A, SKPoint B, SKPoint C, SKPoint D)
{
    /// <summary>Maps the rectangle by <paramref name="matrix"/>; exact, because a projective map keeps straight lines straight.</summary>
    public static WindowQuad Map(SKRect rect, SKMatrix matrix) => new(
        matrix.MapPoint(rect.Left, rect.Top),
        matrix.MapPoint(rect.Right, rect.Top),
        matrix.MapPoint(rect.Right, rect.Bottom),
        matrix.MapPoint(rect.Left, rect.Bottom));

    public float Left => MathF.Min(MathF.Min(A.X, B.X), MathF.Min(C.X, D.X));

    public float Right => MathF.Max(MathF.Max(A.X, B.X), MathF.Max(C.X, D.X));

    public float Top => MathF.Min(MathF.Min(A.Y, B.Y), MathF.Min(C.Y, D.Y));

    public float Bottom => MathF.Max(MathF.Max(A.Y, B.Y), MathF.Max(C.Y, D.Y));

    /// <summary>Area in square pixels (shoelace formula).</summary>
    public double Area => Math.Abs(Cross(A, B) + Cross(B, C) + Cross(C, D) + Cross(D, A)) / 2;

    /// <summary>Returns whether the point lies inside or on the border.</summary>
    public bool Contains(double x, double y)
    {
        double ab = Side(A, B, x, y), bc = Side(B, C, x, y), cd = Side(C, D, x, y), da = Side(D, A, x, y);
        return (ab >= 0 && bc >= 0 && cd >= 0 && da >= 0) || (ab <= 0 && bc <= 0 && cd <= 0 && da <= 0);
    }

    private static double Cross(SKPoint p, SKPoint q) => (double)p.X * q.Y - (double)p.Y * q.X;

    private static double Side(SKPoint from, SKPoint to, double x, double y) =>
        ((double)to.X - from.X) * (y - from.Y) - ((double)to.Y - from.Y) * (x - from.X);
}
