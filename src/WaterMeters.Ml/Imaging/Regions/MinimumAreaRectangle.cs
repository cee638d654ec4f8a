namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>
/// The minimum-area rectangle around a convex polygon. One of its sides lies on a side of the polygon (H. Freeman,
/// R. Shapira, "Determining the minimum-area encasing rectangle for an arbitrary closed curve", 1975), and the three
/// other touching corners only move forward from side to side (G. Toussaint, "Solving geometric problems with the
/// rotating calipers", 1983), so the time is linear in the corners.
/// </summary>
/// <param name="CentreX">Centre, in pixels from the left edge of the image.</param>
/// <param name="CentreY">Centre, in pixels from the upper edge of the image.</param>
/// <param name="Width">Longer side, in pixels.</param>
/// <param name="Height">Shorter side, in pixels.</param>
/// <param name="Angle">
/// Angle of the longer side from horizontal, in degrees in (-90, 90], positive clockwise on the screen; for a square, of the side nearer
/// to horizontal.
/// </param>
internal readonly record struct MinimumAreaRectangle(double CentreX, double CentreY, double Width, double Height, double Angle)
{
    /// <summary>Finds the rectangle.</summary>
    /// <param name="hull">At least 3 corners, clockwise on the screen, none collinear with its neighbours.</param>
    /// <returns>The rectangle; among equal areas, the one on the first side.</returns>
    public static MinimumAreaRectangle Around(ReadOnlySpan<PixelCorner> hull)
    {
        var best = default(Fit);
        double smallest = double.PositiveInfinity;
        int front = 1, far = 1, back = 1;
        for (int i = 0; i < hull.Length; i++)
        {
            var start = hull[i];
            var side = hull[Next(i, hull)] - start;
            while (PixelCorner.Dot(side, hull[Next(front, hull)] - hull[front]) > 0) front = Next(front, hull);
            if (i == 0) far = front;
            while (PixelCorner.Cross(side, hull[Next(far, hull)] - hull[far]) > 0) far = Next(far, hull);
            if (i == 0) back = far;
            while (PixelCorner.Dot(side, hull[Next(back, hull)] - hull[back]) < 0) back = Next(back, hull);

            var fit = new Fit(
                start, side,
                PixelCorner.Dot(side, hull[back] - start),
                PixelCorner.Dot(side, hull[front] - start),
                PixelCorner.Cross(side, hull[far] - start));
            if (fit.Area < smallest)
            {
                smallest = fit.Area;
                best = fit;
            }
        }

        return best.ToRectangle();
    }

    private static int Next(int corner, ReadOnlySpan<PixelCorner> hull) => corner + 1 == hull.Length ? 0 : corner + 1;

    /// <summary>A rectangle on a side of the polygon: exact extents along and across it, in pixels times the length of the side.</summary>
    private readonly record struct Fit(PixelCorner Start, PixelCorner Side, long Back, long Front, long Across)
    {
        private long SideSquared => PixelCorner.Dot(Side, Side);

        public double Area => (double)(Front - Back) * Across / SideSquared;

        public MinimumAreaRectangle ToRectangle()
        {
            double squared = SideSquared;
            double length = Math.Sqrt(squared);
            double along = (Front + Back) / (2.0 * squared);
            double across = Across / (2.0 * squared);
            return new MinimumAreaRectangle(
                Start.X + (along * Side.X) - (across * Side.Y),
                Start.Y + (along * Side.Y) + (across * Side.X),
                Math.Max(Front - Back, Across) / length,
                Math.Min(Front - Back, Across) / length,
                LongerSideAngle());
        }

        private double LongerSideAngle()
        {
            double angle = FromHorizontal(Side);
            double other = FromHorizontal(new PixelCorner(-Side.Y, Side.X));
            return (Front - Back).CompareTo(Across) switch
            {
                > 0 => angle,
                < 0 => other,
                _ => Math.Abs(angle) < Math.Abs(other) || angle == 45 ? angle : other,
            };
        }

        private static double FromHorizontal(PixelCorner vector)
        {
            if (vector.X < 0 || (vector.X == 0 && vector.Y < 0)) vector = new PixelCorner(-vector.X, -vector.Y);

            // The C libraries of two systems differ in the last digit, and records are to be the same everywhere. Corners are whole pixels,
            // so the steepest side that is not vertical is far from -90 degrees: rounding does not reach it.
            return Math.Round(double.RadiansToDegrees(Math.Atan2(vector.Y, vector.X)), 9);
        }
    }
}
