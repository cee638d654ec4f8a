namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>
/// Convex hull of a region's pixels, as unit squares: A.M. Andrew, "Another efficient algorithm for convex hulls in two
/// dimensions", 1979. Only the ends of each row can be on the hull, and rows come sorted, so it is linear in the rows.
/// </summary>
internal static class ConvexHull
{
    /// <summary>The most corners the hull of <paramref name="rows"/> rows can have.</summary>
    public static int MostCorners(int rows) => 2 * (rows + 1);

    /// <summary>Finds the hull of rows that follow one another.</summary>
    /// <param name="left">First column of each row.</param>
    /// <param name="right">Column after the last of each row; greater than <paramref name="left"/>.</param>
    /// <param name="top">Image row of the first row.</param>
    /// <param name="hull">Receives the corners, clockwise on the screen from the right end of the upper edge, none of them on a line with its neighbours; holds at least <see cref="MostCorners"/>.</param>
    /// <returns>How many corners there are, at least 4.</returns>
    public static int OfRows(ReadOnlySpan<int> left, ReadOnlySpan<int> right, int top, Span<PixelCorner> hull)
    {
        int rows = left.Length;
        int count = 0;
        for (int line = 0; line <= rows; line++)
        {
            // A line between two rows is reached by the pixels of both.
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
