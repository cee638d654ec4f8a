using System.Runtime.Intrinsics;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// Aligns two thumbnails (B. D. Lucas and T. Kanade, "An Iterative Image Registration Technique", 1981): Gauss-Newton on the squared
/// difference over stretch and shift of both axes, and over contrast and brightness. After that a cropped photo matches its original, and
/// two photos of similar objects do not match.
/// </summary>
internal static class ThumbnailAlignment
{
    private const int Unknowns = 6, CoarseSteps = 3, FineSteps = 3;

    /// <summary>The unknowns, the right-hand side, and padding to whole vectors.</summary>
    private const int RowLength = 8;

    private const float MostScale = 1.2f, MostShift = 4;
    private const int LeastCells = Thumbnail.Area / 2;
    private const float White = 235;

    /// <summary>Aligns the second thumbnail with the first.</summary>
    /// <param name="first">A thumbnail.</param>
    /// <param name="second">Another.</param>
    /// <param name="start">The approximate alignment.</param>
    /// <param name="least">Smallest correlation at the start; below it the thumbnails are not fitted.</param>
    /// <returns>Their correlation, -1 to 1, and 0 if one of them is flat; and where the cells of the first lie in the second.</returns>
    public static (double Similarity, ThumbnailWarp Warp) Align(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ThumbnailWarp start, double least)
    {
        Span<float> a = stackalloc float[Thumbnail.Area], b = stackalloc float[Thumbnail.Area];
        ThumbnailFilter.Smooth(first, a);
        ThumbnailFilter.Smooth(second, b);
        double before = Similarity(a, b, start);
        if (before < least) return (before, start);
        Span<float> smoothA = stackalloc float[Thumbnail.Area], smoothB = stackalloc float[Thumbnail.Area];
        a.CopyTo(smoothA);
        b.CopyTo(smoothB);
        for (int i = 0; i < 3; i++)
        {
            ThumbnailFilter.Smooth(smoothA);
            ThumbnailFilter.Smooth(smoothB);
        }

        var warp = start;
        for (int i = 0; i < CoarseSteps; i++) warp = Step(smoothA, smoothB, warp, stride: 2);
        double coarse = Similarity(a, b, warp);
        if (coarse < least) return before > coarse ? (before, start) : (coarse, warp);
        for (int i = 0; i < FineSteps; i++) warp = Step(a, b, warp, stride: 1);
        double fitted = Similarity(a, b, warp);
        return fitted >= before ? (fitted, warp) : (before, start);
    }

    /// <summary>
    /// Returns the overlap of two masks' thumbnails, the second through a warp: the sum of the smaller values over that of the larger ones,
    /// 1 if they are equal. Both are smoothed first: a window is two or three cells high, and its position between the cells must not
    /// matter.
    /// </summary>
    public static double Overlap(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ThumbnailWarp warp)
    {
        Span<float> a = stackalloc float[Thumbnail.Area], b = stackalloc float[Thumbnail.Area];
        ThumbnailFilter.Smooth(first, a);
        ThumbnailFilter.Smooth(second, b);
        ThumbnailFilter.Smooth(a);
        ThumbnailFilter.Smooth(b);
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
    /// Returns the correlation of the fine structure of two aligned thumbnails, which is the difference of two smoothings. A bright disc on
    /// a dark ground correlates with any other one, but their scales and pipes do not.
    /// </summary>
    /// <param name="first">A thumbnail.</param>
    /// <param name="second">Another.</param>
    /// <param name="warp">The alignment.</param>
    public static double Detail(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ThumbnailWarp warp)
    {
        Span<float> a = stackalloc float[Thumbnail.Area], b = stackalloc float[Thumbnail.Area];
        ThumbnailFilter.FineStructure(first, a);
        ThumbnailFilter.FineStructure(second, b);
        double correlation = Similarity(a, b, warp, float.MaxValue, LeastCells);
        return double.IsNaN(correlation) ? 0 : correlation;
    }

    /// <summary>
    /// Runs one step, from every cell or from every <paramref name="stride"/>th cell and row, which is enough for smooth thumbnails.
    /// </summary>
    private static ThumbnailWarp Step(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ThumbnailWarp warp, int stride)
    {
        Span<float> sampled = stackalloc float[5 * Thumbnail.Area];
        Span<float> values = sampled[..Thumbnail.Area], left = sampled.Slice(Thumbnail.Area, Thumbnail.Area);
        Span<float> right = sampled.Slice(2 * Thumbnail.Area, Thumbnail.Area);
        Span<float> above = sampled.Slice(3 * Thumbnail.Area, Thumbnail.Area), below = sampled[(4 * Thumbnail.Area)..];
        warp.Sample(b, 0, 0, values);
        warp.Sample(b, -0.5f, 0, left);
        warp.Sample(b, 0.5f, 0, right);
        warp.Sample(b, 0, -0.5f, above);
        warp.Sample(b, 0, 0.5f, below);

        // Unknowns: changes of stretch and shift across and down, contrast and brightness of b.
        Span<double> normal = stackalloc double[Unknowns * RowLength];
        normal.Clear();
        Span<double> row = stackalloc double[RowLength];
        row.Clear();
        int cells = 0;
        for (int y = 1; y < Thumbnail.Side - 1; y += stride)
        {
            for (int x = 1; x < Thumbnail.Side - 1; x += stride)
            {
                int at = (y * Thumbnail.Side) + x;
                double slopeX = right[at] - left[at], slopeY = below[at] - above[at];
                if (double.IsNaN(slopeX + slopeY + values[at])) continue;
                row[0] = slopeX * (x - ThumbnailWarp.Middle);
                row[1] = slopeX;
                row[2] = slopeY * (y - ThumbnailWarp.Middle);
                row[3] = slopeY;
                row[4] = values[at];
                row[5] = 1;
                row[6] = a[at];
                Vector256<double> first = Vector256.Create<double>(row), second = Vector256.Create<double>(row[4..]);
                for (int i = 0; i < Unknowns; i++)
                {
                    var line = normal.Slice(i * RowLength, RowLength);
                    (Vector256.Create<double>(line) + (first * row[i])).CopyTo(line);
                    (Vector256.Create<double>(line[4..]) + (second * row[i])).CopyTo(line[4..]);
                }

                cells++;
            }
        }

        if (cells * stride * stride < LeastCells) return warp;
        for (int i = 0; i < Unknowns; i++) normal[(i * RowLength) + i] *= 1 + 1e-6;
        Span<double> change = stackalloc double[Unknowns];
        if (!Solve(normal, change) || Math.Abs(change[4]) < 1e-3) return warp;
        // a = contrast (b + slope . change) + brightness: the first four are multiplied by the contrast.
        var next = new ThumbnailWarp(
            (float)(warp.ScaleX + (change[0] / change[4])), (float)(warp.ShiftX + (change[1] / change[4])),
            (float)(warp.ScaleY + (change[2] / change[4])), (float)(warp.ShiftY + (change[3] / change[4])));
        return IsPlausible(next) ? next : warp;
    }

    private static bool IsPlausible(ThumbnailWarp warp) =>
        warp.ScaleX is > 1 / MostScale and < MostScale && warp.ScaleY is > 1 / MostScale and < MostScale &&
        Math.Abs(warp.ShiftX) < MostShift && Math.Abs(warp.ShiftY) < MostShift;

    /// <summary>
    /// Returns the correlation of the cells in both thumbnails. White cells may have been brighter before clipping, and are left out while
    /// enough others remain.
    /// </summary>
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
        Span<float> values = stackalloc float[Thumbnail.Area];
        warp.Sample(b, 0, 0, values);
        for (int i = 0; i < values.Length; i++)
        {
            double first = a[i], second = values[i];
            if (!(first < white && second < white)) continue;
            n++;
            sumA += first;
            sumB += second;
            sumAA += first * first;
            sumBB += second * second;
            sumAB += first * second;
        }

        if (n < least) return double.NaN;
        double varA = sumAA - (sumA * sumA / n), varB = sumBB - (sumB * sumB / n);
        return varA < 1e-6 || varB < 1e-6 ? 0 : (sumAB - (sumA * sumB / n)) / Math.Sqrt(varA * varB);
    }

    /// <summary>
    /// Solves [6, 8] by Gauss elimination with partial pivoting, with the right-hand side in column 6; returns false for a singular matrix.
    /// </summary>
    private static bool Solve(Span<double> m, Span<double> x)
    {
        const int w = RowLength;
        for (int column = 0; column < Unknowns; column++)
        {
            int pivot = column;
            for (int r = column + 1; r < Unknowns; r++)
            {
                if (Math.Abs(m[(r * w) + column]) > Math.Abs(m[(pivot * w) + column])) pivot = r;
            }

            if (Math.Abs(m[(pivot * w) + column]) < 1e-9) return false;
            for (int k = 0; k <= Unknowns && pivot != column; k++)
            {
                (m[(pivot * w) + k], m[(column * w) + k]) = (m[(column * w) + k], m[(pivot * w) + k]);
            }

            for (int r = column + 1; r < Unknowns; r++)
            {
                double factor = m[(r * w) + column] / m[(column * w) + column];
                for (int k = column; k <= Unknowns; k++) m[(r * w) + k] -= factor * m[(column * w) + k];
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
}
