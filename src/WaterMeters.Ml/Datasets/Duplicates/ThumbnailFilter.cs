using System.Runtime.Intrinsics;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>Smooths thumbnails, with vector instructions.</summary>
internal static class ThumbnailFilter
{
    private const int Side = Thumbnail.Side;

    /// <summary>Smooths a thumbnail once.</summary>
    public static void Smooth(ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i];
        Smooth(to);
    }

    /// <summary>Smooths in place with weights 1/4, 1/2, 1/4, across and down; the outermost cells are repeated beyond the edge.</summary>
    public static void Smooth(Span<float> cells)
    {
        Span<float> line = stackalloc float[Side + 2];
        for (int y = 0; y < Side; y++)
        {
            var row = cells.Slice(y * Side, Side);
            row.CopyTo(line[1..]);
            (line[0], line[^1]) = (row[0], row[^1]);
            for (int x = 0; x < Side; x += Vector256<float>.Count)
            {
                var (before, here) = (Vector256.Create<float>(line[x..]), Vector256.Create<float>(line[(x + 1)..]));
                Mean(before, here, Vector256.Create<float>(line[(x + 2)..])).CopyTo(row[x..]);
            }
        }

        for (int x = 0; x < Side; x += Vector256<float>.Count)
        {
            var here = Vector256.Create<float>(cells[x..]);
            var before = here;
            for (int y = 0; y < Side; y++)
            {
                var after = y + 1 < Side ? Vector256.Create<float>(cells[(((y + 1) * Side) + x)..]) : here;
                Mean(before, here, after).CopyTo(cells[((y * Side) + x)..]);
                (before, here) = (here, after);
            }
        }
    }

    /// <summary>Computes the fine structure of a thumbnail: smoothed once, minus the result of four more smoothings.</summary>
    public static void FineStructure(ReadOnlySpan<byte> cells, Span<float> result)
    {
        Smooth(cells, result);
        KeepFine(result);
    }

    /// <summary>Computes the fine structure of a thumbnail that was smoothed once, in place.</summary>
    public static void KeepFine(Span<float> cells)
    {
        Span<float> coarse = stackalloc float[Thumbnail.Area];
        cells.CopyTo(coarse);
        for (int i = 0; i < 4; i++) Smooth(coarse);
        for (int i = 0; i < cells.Length; i++) cells[i] -= coarse[i];
    }

    private static Vector256<float> Mean(Vector256<float> before, Vector256<float> here, Vector256<float> after) =>
        (before + (here + here) + after) * 0.25f;
}
