namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// Lays one thumbnail over another, as B. D. Lucas and T. Kanade, "An Iterative Image Registration Technique", 1981, do: Gauss-Newton on
/// the squared difference over stretch and shift of both axes, and over contrast and brightness. A cropped photo lies on its original
/// then; two photos of the same kind of thing do not.
/// </summary>
internal static class ThumbnailAlignment
{
    private const int Unknowns = 6, CoarseSteps = 3, FineSteps = 3;
    private const float MostScale = 1.2f, MostShift = 4;
    private const int LeastCells = Thumbnail.Area / 2;
    private const float White = 235;

    /// <summary>Lays the second thumbnail over the first.</summary>
    /// <param name="first">A thumbnail.</param>
    /// <param name="second">Another.</param>
    /// <param name="start">How they lie, nearly.</param>
    /// <param name="least">The least correlation as they lie at the start; with less they are not fitted.</param>
    /// <returns>Their correlation, -1 to 1 and 0 where one of them is flat, and where the cells of the first lie in the second.</returns>
    public static (double Similarity, ThumbnailWarp Warp) Align(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ThumbnailWarp start, double least)
    {
        Span<float> a = stackalloc float[Thumbnail.Area], b = stackalloc float[Thumbnail.Area];
        Smooth(first, a);
        Smooth(second, b);
        double before = Similarity(a, b, start);
        if (before < least) return (before, start);
        Span<float> smoothA = stackalloc float[Thumbnail.Area], smoothB = stackalloc float[Thumbnail.Area];
        a.CopyTo(smoothA);
        b.CopyTo(smoothB);
        for (int i = 0; i < 3; i++)
        {
            Smooth(smoothA);
            Smooth(smoothB);
        }

        var warp = start;
        for (int i = 0; i < CoarseSteps; i++) warp = Step(smoothA, smoothB, warp);
        double coarse = Similarity(a, b, warp);
        if (coarse < least) return before > coarse ? (before, start) : (coarse, warp);
        for (int i = 0; i < FineSteps; i++) warp = Step(a, b, warp);
        double fitted = Similarity(a, b, warp);
        return fitted >= before ? (fitted, warp) : (before, start);
    }

    /// <summary>
    /// Overlap of two masks' thumbnails, the second seen through a warp: the sum of the smaller values over that of the larger, 1 for equal
    /// ones. Both are smoothed first: a window is two or three cells high, and where it lies between the cells must not matter.
    /// </summary>
    public static double Overlap(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ThumbnailWarp warp)
    {
        Span<float> a = stackalloc float[Thumbnail.Area], b = stackalloc float[Thumbnail.Area];
        Smooth(first, a);
        Smooth(second, b);
        Smooth(a);
        Smooth(b);
        double smaller = 0, larger = 0;
        for (int y = 0, at = 0; y < Thumbnail.Side; y++)
        {
            for (int x = 0; x < Thumbnail.Side; x++, at++)
            {
                var (toX, toY) = warp.Map(x, y);
                if (!ThumbnailWarp.TrySample(b, toX, toY, out float value)) continue;
                smaller += Math.Min(a[at], value);
                larger += Math.Max(a[at], value);
            }
        }

        return larger == 0 ? 1 : smaller / larger;
    }

    /// <summary>
    /// Correlation of the fine structure of two thumbnails that lie on each other: what two smoothings leave. A bright disc on dark ground
    /// correlates with every other one; their scales and pipes do not.
    /// </summary>
    /// <param name="first">A thumbnail.</param>
    /// <param name="second">Another.</param>
    /// <param name="warp">How they lie.</param>
    public static double Detail(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ThumbnailWarp warp)
    {
        Span<float> a = stackalloc float[Thumbnail.Area], b = stackalloc float[Thumbnail.Area];
        FineStructure(first, a);
        FineStructure(second, b);
        double correlation = Similarity(a, b, warp, float.MaxValue, LeastCells);
        return double.IsNaN(correlation) ? 0 : correlation;
    }

    private static void FineStructure(ReadOnlySpan<byte> cells, Span<float> result)
    {
        Span<float> coarse = stackalloc float[Thumbnail.Area];
        Smooth(cells, result);
        result.CopyTo(coarse);
        for (int i = 0; i < 4; i++) Smooth(coarse);
        for (int i = 0; i < result.Length; i++) result[i] -= coarse[i];
    }

    private static ThumbnailWarp Step(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ThumbnailWarp warp)
    {
        // Unknown: changes of stretch and shift across and down, contrast and brightness of b.
        Span<double> normal = stackalloc double[Unknowns * (Unknowns + 1)];
        normal.Clear();
        Span<double> row = stackalloc double[Unknowns + 1];
        int cells = 0;
        for (int y = 1; y < Thumbnail.Side - 1; y++)
        {
            for (int x = 1; x < Thumbnail.Side - 1; x++)
            {
                var (toX, toY) = warp.Map(x, y);
                if (!ThumbnailWarp.TrySample(b, toX, toY, out float value) ||
                    !ThumbnailWarp.TrySample(b, toX - 0.5f, toY, out float left) || !ThumbnailWarp.TrySample(b, toX + 0.5f, toY, out float right) ||
                    !ThumbnailWarp.TrySample(b, toX, toY - 0.5f, out float above) || !ThumbnailWarp.TrySample(b, toX, toY + 0.5f, out float below)) continue;
                double slopeX = right - left, slopeY = below - above;
                row[0] = slopeX * (x - ThumbnailWarp.Middle);
                row[1] = slopeX;
                row[2] = slopeY * (y - ThumbnailWarp.Middle);
                row[3] = slopeY;
                row[4] = value;
                row[5] = 1;
                row[6] = a[(y * Thumbnail.Side) + x];
                for (int i = 0; i < Unknowns; i++)
                {
                    for (int j = i; j <= Unknowns; j++) normal[(i * (Unknowns + 1)) + j] += row[i] * row[j];
                }

                cells++;
            }
        }

        if (cells < LeastCells) return warp;
        for (int i = 0; i < Unknowns; i++)
        {
            for (int j = 0; j < i; j++) normal[(i * (Unknowns + 1)) + j] = normal[(j * (Unknowns + 1)) + i];
            normal[(i * (Unknowns + 1)) + i] *= 1 + 1e-6;
        }

        Span<double> change = stackalloc double[Unknowns];
        if (!Solve(normal, change) || Math.Abs(change[4]) < 1e-3) return warp;
        // a = contrast (b + slope . change) + brightness: the first four came out multiplied by the contrast.
        var next = new ThumbnailWarp(
            (float)(warp.ScaleX + (change[0] / change[4])), (float)(warp.ShiftX + (change[1] / change[4])),
            (float)(warp.ScaleY + (change[2] / change[4])), (float)(warp.ShiftY + (change[3] / change[4])));
        return IsPlausible(next) ? next : warp;
    }

    private static bool IsPlausible(ThumbnailWarp warp) =>
        warp.ScaleX is > 1 / MostScale and < MostScale && warp.ScaleY is > 1 / MostScale and < MostScale &&
        Math.Abs(warp.ShiftX) < MostShift && Math.Abs(warp.ShiftY) < MostShift;

    /// <summary>Correlation of the cells that lie in both; those that are white in one may be brighter in truth, and are left out while enough remain.</summary>
    private static double Similarity(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ThumbnailWarp warp)
    {
        double within = Similarity(a, b, warp, White, LeastCells);
        if (!double.IsNaN(within)) return within;
        double all = Similarity(a, b, warp, float.MaxValue, LeastCells);
        return double.IsNaN(all) ? 0 : all;
    }

    private static double Similarity(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ThumbnailWarp warp, float white, int least)
    {
        double n = 0, sumA = 0, sumB = 0, sumAA = 0, sumBB = 0, sumAB = 0;
        for (int y = 0, at = 0; y < Thumbnail.Side; y++)
        {
            for (int x = 0; x < Thumbnail.Side; x++, at++)
            {
                var (toX, toY) = warp.Map(x, y);
                if (a[at] >= white || !ThumbnailWarp.TrySample(b, toX, toY, out float value) || value >= white) continue;
                n++;
                sumA += a[at];
                sumB += value;
                sumAA += a[at] * (double)a[at];
                sumBB += value * (double)value;
                sumAB += a[at] * (double)value;
            }
        }

        if (n < least) return double.NaN;
        double varA = sumAA - (sumA * sumA / n), varB = sumBB - (sumB * sumB / n);
        return varA < 1e-6 || varB < 1e-6 ? 0 : (sumAB - (sumA * sumB / n)) / Math.Sqrt(varA * varB);
    }

    /// <summary>Gauss elimination with partial pivoting of [6, 7], the right side last; false for a matrix without an inverse.</summary>
    private static bool Solve(Span<double> m, Span<double> x)
    {
        const int w = Unknowns + 1;
        for (int column = 0; column < Unknowns; column++)
        {
            int pivot = column;
            for (int r = column + 1; r < Unknowns; r++)
            {
                if (Math.Abs(m[(r * w) + column]) > Math.Abs(m[(pivot * w) + column])) pivot = r;
            }

            if (Math.Abs(m[(pivot * w) + column]) < 1e-9) return false;
            for (int k = 0; k < w && pivot != column; k++) (m[(pivot * w) + k], m[(column * w) + k]) = (m[(column * w) + k], m[(pivot * w) + k]);
            for (int r = column + 1; r < Unknowns; r++)
            {
                double factor = m[(r * w) + column] / m[(column * w) + column];
                for (int k = column; k < w; k++) m[(r * w) + k] -= factor * m[(column * w) + k];
            }
        }

        for (int r = Unknowns - 1; r >= 0; r--)
        {
            double sum = m[(r * w) + Unknowns];
            for (int k = r + 1; k < Unknowns; k++) sum -= m[(r * w) + k] * x[k];
            x[r] = sum / m[(r * w) + r];
        }

        return true;
    }

    private static void Smooth(ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i];
        Smooth(to);
    }

    /// <summary>Quarter, half, quarter, across and down.</summary>
    private static void Smooth(Span<float> cells)
    {
        const int side = Thumbnail.Side;
        for (int line = 0; line < side; line++)
        {
            SmoothLine(cells[(line * side)..], 1);
        }

        for (int line = 0; line < side; line++) SmoothLine(cells[line..], side);
    }

    private static void SmoothLine(Span<float> cells, int step)
    {
        float before = cells[0], here = before;
        for (int i = 0; i < Thumbnail.Side; i++)
        {
            float after = i + 1 < Thumbnail.Side ? cells[(i + 1) * step] : here;
            cells[i * step] = (before + (2 * here) + after) / 4;
            before = here;
            here = after;
        }
    }
}
