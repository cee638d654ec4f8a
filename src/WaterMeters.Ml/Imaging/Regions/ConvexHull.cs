namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>
/// Convex hull of a region's pixels, as unit squares: A.M. Andrew, "Another efficient algorithm for convex hulls in two
/// dimensions", 1979. Only the ends of each row can be on the hull, and rows are sorted, so the time is linear in the rows.
/// </summary>
internal static class ConvexHull
{
    /// <summary>Returns the largest number of corners that the hull of <paramref name="rows"/> rows can have.</summary>
    public static int MaxCorners(int rows) => 2 * (rows + 1);

    /// <summary>Finds the hull of consecutive rows.</summary>
    /// <param name="left">First column of each row.</param>
    /// <param name="right">Column after the last of each row; greater than <paramref name="left"/>.</param>
    /// <param name="top">Image row of the first row.</param>
    /// <param name="hull">
    /// Receives the corners, clockwise on the screen from the right end of the upper edge, none collinear with its neighbours; has room
    /// for at least <see cref="MaxCorners"/>.
    /// </param>
    /// <returns>Number of corners, at least 4.</returns>
    public static int FromRows(ReadOnlySpan<int> left, ReadOnlySpan<int> right, int top, Span<PixelCorner> hull)
    {
        int rows = left.Length;
        int count = 0;
        for (int line = 0; line <= rows; line++)
        {
            // The pixels of both rows touch the line between them.
            int x = Math.Max(right[Math.Max(line - 1, 0)], right[Math.Min(line, rows - 1)]);
            count = Append(hull, 0, count, new PixelCorner(x, top + line));
        }

        int chain = count;
        for (int line = rows; line >= 0; line--)
        {
            int x = Math.Min(left[Math.Max(line - 1, 0)], left[Math.Min(line, rows - 1)]);
            count = Append(hull, chain, count, new PixelCorner(x, top + line));
        }

        return count;
    }

    private static int Append(Span<PixelCorner> hull, int chain, int count, PixelCorner corner)
    {
        while (count - chain >= 2 && PixelCorner.Cross(hull[count - 1] - hull[count - 2], corner - hull[count - 1]) <= 0) count--;
        hull[count] = corner;
        return count + 1;
    }
}
