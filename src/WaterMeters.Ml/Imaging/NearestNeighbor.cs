using System.Buffers;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Nearest-neighbour scaling of a plane with a threshold, as OpenCV's INTER_NEAREST: the source index is
/// min(floor(target index * source size / target size), source size - 1).
/// </summary>
internal static class NearestNeighbor
{
    /// <summary>Writes <paramref name="foreground"/> where the source is at least <paramref name="threshold"/>, otherwise 0.</summary>
    public static void Scale(
        ReadOnlySpan<byte> source, int width, int height, Span<byte> target, int targetWidth, int targetHeight,
        byte threshold, byte foreground)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(targetWidth);
        var columns = rented.AsSpan(0, targetWidth);
        for (int x = 0; x < columns.Length; x++) columns[x] = Index(x, width, targetWidth);

        int last = -1;
        for (int y = 0; y < targetHeight; y++)
        {
            var line = target.Slice(y * targetWidth, targetWidth);
            int row = Index(y, height, targetHeight);
            if (row == last)
            {
                target.Slice((y - 1) * targetWidth, targetWidth).CopyTo(line);
                continue;
            }

            last = row;
            var from = source.Slice(row * width, width);
            for (int x = 0; x < line.Length; x++) line[x] = from[columns[x]] >= threshold ? foreground : (byte)0;
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    private static int Index(int target, int sourceSize, int targetSize) =>
        Math.Min((int)(target * ((double)sourceSize / targetSize)), sourceSize - 1);
}
