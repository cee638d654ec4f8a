namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>A small image of <see cref="Side"/> x <see cref="Side"/> means. It is square, so that rotations keep its shape.</summary>
internal static class Thumbnail
{
    /// <summary>The side in cells.</summary>
    public const int Side = 32;

    /// <summary>The number of cells.</summary>
    public const int Area = Side * Side;

    /// <summary>Computes the mean of each cell of a grey image.</summary>
    /// <param name="plane">[height, width].</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <returns>[<see cref="Side"/>, <see cref="Side"/>], row by row.</returns>
    public static byte[] Create(ReadOnlySpan<byte> plane, int width, int height)
    {
        var cells = new byte[Area];
        for (int row = 0, at = 0; row < Side; row++)
        {
            var (top, bottom) = Span(row, height);
            for (int column = 0; column < Side; column++, at++)
            {
                var (left, right) = Span(column, width);
                long sum = 0;
                for (int y = top; y < bottom; y++)
                {
                    foreach (byte value in plane.Slice((y * width) + left, right - left)) sum += value;
                }

                long area = (long)(bottom - top) * (right - left);
                cells[at] = (byte)((sum + (area / 2)) / area);
            }
        }

        return cells;
    }

    /// <summary>Returns the pixels of a cell, at least one; if there are fewer pixels than cells, cells share them.</summary>
    private static (int From, int To) Span(int cell, int pixels)
    {
        int from = (int)((long)cell * pixels / Side);
        return (from, Math.Max(from + 1, (int)((long)(cell + 1) * pixels / Side)));
    }
}
