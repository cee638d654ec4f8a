using System.Numerics;
using System.Runtime.Intrinsics;

namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>Adjacent foreground pixels of one row: columns <paramref name="Start"/> to <paramref name="End"/> - 1.</summary>
internal readonly record struct PixelRun(int Start, int End)
{
    /// <summary>Number of pixels in the run.</summary>
    public int Length => End - Start;

    /// <summary>Returns the largest number of runs that a row of <paramref name="width"/> pixels can have.</summary>
    public static int MaxCount(int width) => (width + 1) / 2;

    /// <summary>Counts the runs of a row; every value except 0 is foreground.</summary>
    public static int Count(ReadOnlySpan<byte> row)
    {
        int count = 0;
        ulong before = 0;
        for (int x = 0; x < row.Length; x += 64)
        {
            ulong bits = Foreground(row[x..]);
            count += BitOperations.PopCount(bits & ~((bits << 1) | before));
            before = bits >> 63;
        }

        return count;
    }

    /// <summary>Finds the runs of a row from left to right; every value except 0 is foreground.</summary>
    /// <param name="row">The row's values.</param>
    /// <param name="runs">Receives the runs; has room for at least <see cref="MaxCount"/>.</param>
    /// <returns>Number of runs.</returns>
    public static int Find(ReadOnlySpan<byte> row, Span<PixelRun> runs)
    {
        int count = 0, start = 0;
        ulong before = 0;
        bool inside = false;
        for (int x = 0; x < row.Length; x += 64)
        {
            // A bit of `edges` is set where a pixel differs from the one on its left.
            ulong bits = Foreground(row[x..]);
            ulong edges = bits ^ ((bits << 1) | before);
            before = bits >> 63;
            for (; edges != 0; edges &= edges - 1)
            {
                int edge = x + BitOperations.TrailingZeroCount(edges);
                if (inside) runs[count++] = new PixelRun(start, edge);
                else start = edge;
                inside = !inside;
            }
        }

        if (inside) runs[count++] = new PixelRun(start, row.Length);
        return count;
    }

    /// <summary>Returns one bit for each of the first 64 values: set where the value is not 0, clear beyond the row's end.</summary>
    private static ulong Foreground(ReadOnlySpan<byte> values)
    {
        if (values.Length >= 64)
        {
            uint low = Vector256.Equals(Vector256.Create(values), Vector256<byte>.Zero).ExtractMostSignificantBits();
            uint high = Vector256.Equals(Vector256.Create(values[32..]), Vector256<byte>.Zero).ExtractMostSignificantBits();
            return ~(((ulong)high << 32) | low);
        }

        ulong bits = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != 0) bits |= 1UL << i;
        }

        return bits;
    }
}
