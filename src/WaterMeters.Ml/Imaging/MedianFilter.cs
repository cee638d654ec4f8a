using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// 3x3 median filter with replicated borders over a square plane, in place, after mapping each value through a table.
/// Each column of three is sorted first: the median of the nine is the median of the largest low, the middle mid and the smallest
/// high.
/// </summary>
internal sealed class MedianFilter
{
    private readonly int size;
    private readonly int stride;
    private readonly byte[] lines;
    private readonly byte[] columns;

    /// <summary>Creates a filter for planes of <paramref name="size"/> x <paramref name="size"/>, size at least 16.</summary>
    public MedianFilter(int size)
    {
        this.size = size;
        stride = (size + 2 + 15) & ~15;
        lines = new byte[3 * stride];
        columns = new byte[3 * stride];
    }

    /// <summary>Maps each value through <paramref name="table"/> (256 bytes), then takes the median.</summary>
    public void Run(Span<byte> plane, ReadOnlySpan<byte> table)
    {
        var above = lines.AsSpan(0, stride);
        var here = lines.AsSpan(stride, stride);
        var below = lines.AsSpan(2 * stride, stride);
        LookUp(plane[..size], table, here);
        here.CopyTo(above);
        for (int y = 0; y < size; y++)
        {
            // A line is overwritten in place; its neighbours work on their own copies of it.
            if (y + 1 < size) LookUp(plane.Slice((y + 1) * size, size), table, below);
            else here.CopyTo(below);

            MedianLine(above, here, below, plane.Slice(y * size, size));
            var free = above;
            above = here;
            here = below;
            below = free;
        }
    }

    /// <summary>Writes the mapped line from index 1 on, and replicates its first and last value on either side.</summary>
    private static void LookUp(ReadOnlySpan<byte> line, ReadOnlySpan<byte> table, Span<byte> target)
    {
        ref byte values = ref Unsafe.AsRef(in table[..256][0]);
        var inner = target.Slice(1, line.Length);
        for (int x = 0; x < line.Length; x++) inner[x] = Unsafe.Add(ref values, (nint)line[x]);
        target[0] = inner[0];
        target[line.Length + 1] = inner[^1];
    }

    private void MedianLine(ReadOnlySpan<byte> above, ReadOnlySpan<byte> here, ReadOnlySpan<byte> below, Span<byte> target)
    {
        var lows = columns.AsSpan(0, stride);
        var mids = columns.AsSpan(stride, stride);
        var highs = columns.AsSpan(2 * stride, stride);
        for (int x = 0; x < stride; x += 16)
        {
            var a = Vector128.Create(above.Slice(x, 16));
            var b = Vector128.Create(here.Slice(x, 16));
            var c = Vector128.Create(below.Slice(x, 16));
            var (low, high) = (Vector128.Min(a, b), Vector128.Max(a, b));
            Vector128.Min(low, c).CopyTo(lows[x..]);
            Vector128.Max(low, Vector128.Min(high, c)).CopyTo(mids[x..]);
            Vector128.Max(high, c).CopyTo(highs[x..]);
        }

        for (int x = 0; x < size; x += 16)
        {
            // The last step overlaps the one before; it computes the same values again.
            int at = Math.Min(x, size - 16);
            var low = Vector128.Max(Vector128.Max(At(lows, at), At(lows, at + 1)), At(lows, at + 2));
            var mid = Middle(At(mids, at), At(mids, at + 1), At(mids, at + 2));
            var high = Vector128.Min(Vector128.Min(At(highs, at), At(highs, at + 1)), At(highs, at + 2));
            Middle(low, mid, high).CopyTo(target[at..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> At(Span<byte> line, int x) => Vector128.Create((ReadOnlySpan<byte>)line.Slice(x, 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Middle(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) =>
        Vector128.Max(Vector128.Min(a, b), Vector128.Min(Vector128.Max(a, b), c));
}
