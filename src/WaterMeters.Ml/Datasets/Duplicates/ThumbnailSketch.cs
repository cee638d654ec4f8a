using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// A thumbnail and its fine structure on 16 x 16 cells, each with mean 0 and the same norm, so that the correlation of two photos is a dot
/// product of some tens of nanoseconds. It rejects almost all pairs whose hashes are close by chance, before the fit.
/// </summary>
internal static class ThumbnailSketch
{
    /// <summary>The side in cells.</summary>
    public const int Side = Thumbnail.Side / 2;

    /// <summary>The number of cells.</summary>
    public const int Area = Side * Side;

    /// <summary>Length in bytes: the photo, then its fine structure.</summary>
    public const int Length = 2 * Area;

    /// <summary>
    /// Smallest correlation of photos that are fitted: <see cref="DuplicateSearch.LeastBeforeFit"/>, with a margin for the coarser cells.
    /// </summary>
    public const double LeastCorrelation = 0.86;

    /// <summary>
    /// Smallest correlation of the fine structure, at the position given by the hashes, of photos that are fitted; real photos cropped to
    /// 95 % have at least 0.72.
    /// </summary>
    public const double LeastFineCorrelation = 0.3;

    /// <summary>The norm of a sketch: no value exceeds it, and no dot product of two sketches exceeds its square.</summary>
    private const int Norm = 127;

    /// <summary>Draws the sketch of a thumbnail.</summary>
    /// <param name="cells">[<see cref="Thumbnail.Side"/>, <see cref="Thumbnail.Side"/>].</param>
    /// <param name="sketch">[<see cref="Length"/>].</param>
    public static void Draw(ReadOnlySpan<byte> cells, Span<sbyte> sketch)
    {
        Span<float> smooth = stackalloc float[Thumbnail.Area];
        ThumbnailFilter.Smooth(cells, smooth);
        Halve(smooth, sketch[..Area]);
        ThumbnailFilter.KeepFine(smooth);
        Halve(smooth, sketch[Area..]);
    }

    /// <summary>Applies a symmetry to a sketch.</summary>
    public static void Turn(ReadOnlySpan<sbyte> sketch, Symmetry symmetry, Span<sbyte> turned)
    {
        symmetry.Apply(sketch[..Area], Side, turned[..Area]);
        symmetry.Apply(sketch[Area..], Side, turned[Area..]);
    }

    /// <summary>Returns whether two sketches may show the same scene.</summary>
    public static bool MayMatch(ReadOnlySpan<sbyte> first, ReadOnlySpan<sbyte> second) =>
        Product(first[..Area], second[..Area]) >= LeastCorrelation * Norm * Norm
        && Product(first[Area..], second[Area..]) >= LeastFineCorrelation * Norm * Norm;

    private static int Product(ReadOnlySpan<sbyte> first, ReadOnlySpan<sbyte> second)
    {
        // No lane exceeds 127 x 127, so 16 bits are enough.
        var a = MemoryMarshal.Cast<sbyte, Vector256<sbyte>>(first);
        var b = MemoryMarshal.Cast<sbyte, Vector256<sbyte>>(second);
        var sum = Vector256<short>.Zero;
        for (int i = 0; i < a.Length && i < b.Length; i++)
        {
            sum += (Vector256.WidenLower(a[i]) * Vector256.WidenLower(b[i])) + (Vector256.WidenUpper(a[i]) * Vector256.WidenUpper(b[i]));
        }

        return Vector256.Sum(Vector256.WidenLower(sum) + Vector256.WidenUpper(sum));
    }

    private static void Halve(ReadOnlySpan<float> cells, Span<sbyte> result)
    {
        Span<float> halved = stackalloc float[Area];
        double sum = 0, squares = 0;
        for (int i = 0; i < Area; i++)
        {
            int at = (i / Side * 2 * Thumbnail.Side) + (i % Side * 2);
            halved[i] = cells[at] + cells[at + 1] + cells[at + Thumbnail.Side] + cells[at + Thumbnail.Side + 1];
            sum += halved[i];
            squares += halved[i] * (double)halved[i];
        }

        float mean = (float)(sum / Area), scale = (float)(Norm / Math.Sqrt(Math.Max(1e-9, squares - (sum * sum / Area))));
        for (int i = 0; i < Area; i++) result[i] = (sbyte)Math.Clamp(MathF.Round((halved[i] - mean) * scale), -Norm, Norm);
    }
}
