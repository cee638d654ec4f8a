namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>
/// Finds the regions of a mask and measures the largest, in time linear in the pixels. Works on runs of pixels, so its memory grows
/// with the outline of the foreground: 12 bytes a run and 4 a row. Reuses its arrays for the next mask, but shrinks them after a mask
/// of noise. Not thread-safe.
/// </summary>
internal sealed class MaskRegions
{
    // A typical mask has a few thousand runs. Up to 12 MB are kept; more is freed after each mask.
    private const int MaxRunsKept = 1 << 20;

    private readonly RunForest forest = new();
    private PixelRun[] runs = [];
    private int[] rowStarts = [];
    private int[] lefts = [];
    private int[] rights = [];
    private PixelCorner[] hull = [];

    /// <summary>Measures a mask.</summary>
    /// <param name="mask"><paramref name="height"/> rows of <paramref name="width"/> values; every value except 0 is foreground.</param>
    /// <param name="width">Number of columns.</param>
    /// <param name="height">Number of rows.</param>
    /// <returns>The shape. If several regions are largest, the one whose first pixel comes first in reading order is measured.</returns>
    /// <exception cref="ArgumentException">The mask does not have this size.</exception>
    public MaskShape Measure(ReadOnlySpan<byte> mask, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (mask.Length != (long)width * height)
        {
            throw new ArgumentException(
                $"A mask of {width} x {height} pixels has {(long)width * height} values, not {mask.Length}.", nameof(mask));
        }

        int count = FindRegions(mask, width, height);
        var shape = count == 0 ? default : Describe(count, height);
        if (runs.Length > MaxRunsKept) ResizeRuns(MaxRunsKept);
        return shape;
    }

    private int FindRegions(ReadOnlySpan<byte> mask, int width, int height)
    {
        if (rowStarts.Length <= height) rowStarts = new int[height + 1];

        int count = 0, previous = 0;
        for (int y = 0; y < height; y++)
        {
            int first = count;
            rowStarts[y] = first;
            int room = PixelRun.MaxCount(width);
            if (runs.Length - count < room) ResizeRuns(count + CountRuns(mask[(y * width)..], width) + room);

            count += PixelRun.Find(mask.Slice(y * width, width), runs.AsSpan(first));
            for (int run = first; run < count; run++) forest.Add(run, runs[run].Length);
            JoinRows(previous, first, count);
            previous = first;
        }

        rowStarts[height] = count;
        return count;
    }

    // Counting the remaining runs and growing once is cheaper than growing in steps: noise has millions of runs.
    private static int CountRuns(ReadOnlySpan<byte> rows, int width)
    {
        int count = 0;
        for (; !rows.IsEmpty; rows = rows[width..]) count += PixelRun.Count(rows[..width]);
        return count;
    }

    /// <summary>
    /// Joins the runs of a row, <paramref name="row"/> to <paramref name="end"/> - 1, with those they touch in the row above,
    /// <paramref name="above"/> to <paramref name="row"/> - 1.
    /// </summary>
    private void JoinRows(int above, int row, int end)
    {
        int upper = above, lower = row;
        while (upper < row && lower < end)
        {
            var a = runs[upper];
            var b = runs[lower];

            // Ends are exclusive, so <= also joins runs that touch at a corner.
            if (a.Start <= b.End && b.Start <= a.End) forest.Join(upper, lower);
            if (a.End < b.End) upper++;
            else lower++;
        }
    }

    private MaskShape Describe(int count, int height)
    {
        int regions = 0, largest = 0;
        long pixels = 0;
        for (int run = 0; run < count; run++)
        {
            if (!forest.IsRoot(run)) continue;

            regions++;
            pixels += forest.Pixels(run);
            largest = Math.Max(largest, forest.Pixels(run));
        }

        int first = 0;
        while (forest.Pixels(forest.Root(first)) != largest) first++;
        int top = RowOf(first, height);
        int rows = FindExtent(forest.Root(first), top, height);

        var left = lefts.AsSpan(0, rows);
        var right = rights.AsSpan(0, rows);
        int x = Smallest(left), end = Largest(right);
        int corners = ConvexHull.FromRows(left, right, top, hull);
        var rectangle = MinimumAreaRectangle.Around(hull.AsSpan(0, corners));
        return new MaskShape(
            regions, pixels, x, top, end - x, rows,
            rectangle.CentreX, rectangle.CentreY, rectangle.Width, rectangle.Height, rectangle.Angle);
    }

    private int RowOf(int run, int height)
    {
        int at = rowStarts.AsSpan(0, height + 1).BinarySearch(run);

        // Empty rows share their start with the row below; the run is in the last row that starts at or before it.
        if (at < 0) return ~at - 1;
        while (rowStarts[at + 1] == run) at++;
        return at;
    }

    /// <summary>
    /// Stores the first column of a region and the column after its last, row by row; returns the number of its rows, which are
    /// consecutive.
    /// </summary>
    private int FindExtent(int root, int top, int height)
    {
        if (lefts.Length < height)
        {
            lefts = new int[height];
            rights = new int[height];
            hull = new PixelCorner[ConvexHull.MaxCorners(height)];
        }

        int rows = 0;
        for (int y = top; y < height; y++)
        {
            int left = int.MaxValue, right = -1;
            for (int run = rowStarts[y]; run < rowStarts[y + 1]; run++)
            {
                if (forest.Root(run) != root) continue;

                left = Math.Min(left, runs[run].Start);
                right = runs[run].End;
            }

            if (right < 0) break;

            lefts[rows] = left;
            rights[rows] = right;
            rows++;
        }

        return rows;
    }

    private void ResizeRuns(int capacity)
    {
        Array.Resize(ref runs, capacity);
        forest.Resize(capacity);
    }

    private static int Smallest(ReadOnlySpan<int> values)
    {
        int smallest = values[0];
        foreach (int value in values) smallest = Math.Min(smallest, value);
        return smallest;
    }

    private static int Largest(ReadOnlySpan<int> values)
    {
        int largest = values[0];
        foreach (int value in values) largest = Math.Max(largest, value);
        return largest;
    }
}
