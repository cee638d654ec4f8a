namespace WaterMeters.Ml.Evaluation.Metrics;

/// <summary>
/// Computes the exact squared Euclidean distance of every pixel to the nearest foreground pixel, between pixel centres, in
/// integers: A. Meijster, J.B.T.M. Roerdink, W.H. Hesselink, "A general algorithm for computing distance transforms in
/// linear time", 2000. The two phases are separate: <see cref="Load"/> measures along the columns, <see cref="SquaredRow"/>
/// finishes one row, so a caller that needs few rows pays for few.
/// Reuses its arrays for the next mask; not thread-safe.
/// </summary>
internal sealed class DistanceTransform
{
    /// <summary>Distance everywhere when the mask has no foreground.</summary>
    public const long Nowhere = long.MaxValue;

    // So far above any image side that counting up from it neither overflows nor looks like a distance.
    private const int Far = 1 << 30;

    private int[] columns = [];
    private int[] sites = [];
    private int[] starts = [];
    private int width;

    /// <summary>
    /// Reads a mask, or a rectangle of one: <paramref name="height"/> rows of <paramref name="width"/> values; every value but 0 is
    /// foreground.
    /// </summary>
    /// <param name="mask">Values from the first one of the first row on.</param>
    /// <param name="stride">Values from one row's start to the next row's.</param>
    /// <param name="width">Values in a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ArgumentException">The mask is shorter than these sizes.</exception>
    public void Load(ReadOnlySpan<byte> mask, int stride, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, width);
        if (mask.Length < ((long)stride * (height - 1)) + width)
        {
            throw new ArgumentException($"A mask of {mask.Length} values does not hold {height} rows of {width}.", nameof(mask));
        }

        this.width = width;
        int size = checked(width * height);
        if (columns.Length < size) columns = new int[size];
        if (sites.Length < width)
        {
            sites = new int[width];
            starts = new int[width];
        }

        MeasureDownwards(mask, stride, height);
        MeasureUpwards(height);
    }

    /// <summary>
    /// Returns the distance, in pixels, of each pixel of row <paramref name="y"/> to the foreground of its own column: never less
    /// than the Euclidean distance, and a huge number in a column without foreground.
    /// </summary>
    public ReadOnlySpan<int> ColumnDistances(int y) => Row(y);

    /// <summary>Fills <paramref name="squared"/> with the squared distances, in pixels, of row <paramref name="y"/>.</summary>
    public void SquaredRow(int y, Span<long> squared)
    {
        ReadOnlySpan<int> distances = Row(y);
        squared = squared[..width];
        int last = BuildLowerEnvelope(distances);
        if (last < 0)
        {
            squared.Fill(Nowhere);
            return;
        }

        for (int x = width - 1; x >= 0; x--)
        {
            squared[x] = Parabola(x, sites[last], distances);
            if (x == starts[last]) last--;
        }
    }

    /// <summary>Finds which column's parabola is lowest at each x. Returns the index of the last one, -1 when there is none.</summary>
    private int BuildLowerEnvelope(ReadOnlySpan<int> distances)
    {
        int last = -1;
        for (int x = 0; x < distances.Length; x++)
        {
            if (distances[x] >= Far) continue;

            while (last >= 0 && Parabola(starts[last], sites[last], distances) > Parabola(starts[last], x, distances)) last--;
            if (last < 0)
            {
                last = 0;
                sites[0] = x;
                starts[0] = 0;
            }
            else
            {
                long start = 1 + Crossing(sites[last], x, distances);
                if (start >= distances.Length) continue;

                last++;
                sites[last] = x;
                starts[last] = (int)start;
            }
        }

        return last;
    }

    private static long Parabola(int x, int site, ReadOnlySpan<int> distances)
    {
        long across = x - site;
        long along = distances[site];
        return (across * across) + (along * along);
    }

    /// <summary>
    /// Returns the last x at which the parabola of <paramref name="left"/> is not above that of <paramref name="right"/>. Called only when
    /// that x is not negative.
    /// </summary>
    private static long Crossing(int left, int right, ReadOnlySpan<int> distances) =>
        (Parabola(0, right, distances) - Parabola(0, left, distances)) / (2L * (right - left));

    private void MeasureDownwards(ReadOnlySpan<byte> mask, int stride, int height)
    {
        var above = Row(0);
        for (int x = 0; x < above.Length; x++) above[x] = mask[x] != 0 ? 0 : Far;
        for (int y = 1; y < height; y++)
        {
            var values = mask.Slice(y * stride, width);
            var row = Row(y)[..values.Length];
            above = above[..values.Length];
            for (int x = 0; x < values.Length; x++) row[x] = values[x] != 0 ? 0 : above[x] + 1;
            above = row;
        }
    }

    private void MeasureUpwards(int height)
    {
        ReadOnlySpan<int> below = Row(height - 1);
        for (int y = height - 2; y >= 0; y--)
        {
            var row = Row(y);
            below = below[..row.Length];
            for (int x = 0; x < row.Length; x++) row[x] = Math.Min(row[x], below[x] + 1);
            below = row;
        }
    }

    private Span<int> Row(int y) => columns.AsSpan(y * width, width);
}
