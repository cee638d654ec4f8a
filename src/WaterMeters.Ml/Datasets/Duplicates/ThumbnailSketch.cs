using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// A thumbnail and its fine structure on 16 x 16 cells, each of mean 0 and of one length, so that how alike two photos are is a product
/// of some tens of nanoseconds. It tells nearly all of the pairs whose hashes are close by chance, before anything is fitted.
/// </summary>
internal static class ThumbnailSketch
{
    /// <summary>The side in cells.</summary>
    public const int Side = Thumbnail.Side / 2;

    /// <summary>Cells of the photo.</summary>
    public const int Area = Side * Side;

    /// <summary>Bytes of a sketch: the photo, then its fine structure.</summary>
    public const int Length = 2 * Area;

    /// <summary>Photos that correlate less than this are not fitted: what <see cref="DuplicateSearch.LeastBeforeFit"/> says, with room for the coarser cells.</summary>
    public const double LeastAlike = 0.86;

    /// <summary>Photos whose fine structure correlates less than this, as their hashes put them, are not fitted: that of real ones cropped to 95 % does by 0.72 at least.</summary>
    public const double LeastFineAlike = 0.3;

    /// <summary>The length of a sketch as a vector: no value exceeds it, and no sum of products of two sketches its square.</summary>
    private const int Norm = 127;

    /// <summary>Draws a thumbnail.</summary>
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

    /// <summary>A sketch after a symmetry.</summary>
    public static void Turn(ReadOnlySpan<sbyte> sketch, Symmetry symmetry, Span<sbyte> turned)
    {
        symmetry.Apply(sketch[..Area], Side, turned[..Area]);
        symmetry.Apply(sketch[Area..], Side, turned[Area..]);
    }

    /// <summary>Whether two sketches can be of one image.</summary>
    public static bool MayBeOne(ReadOnlySpan<sbyte> first, ReadOnlySpan<sbyte> second) =>
        Product(first[..Area], second[..Area]) >= LeastAlike * Norm * Norm && Product(first[Area..], second[Area..]) >= LeastFineAlike * Norm * Norm;

    private static int Product(ReadOnlySpan<sbyte> first, ReadOnlySpan<sbyte> second)
    {
        // 127 x 127 is all that a lane can come to, so that 16 bits hold it.
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
