using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// The position of one thumbnail in another: x maps to <paramref name="ScaleX"/> x + <paramref name="ShiftX"/>, y likewise; in cells from
/// the centre of the square.
/// </summary>
/// <param name="ScaleX">Stretch across.</param>
/// <param name="ShiftX">Shift across, in cells.</param>
/// <param name="ScaleY">Stretch down.</param>
/// <param name="ShiftY">Shift down, in cells.</param>
internal readonly record struct ThumbnailWarp(float ScaleX, float ShiftX, float ScaleY, float ShiftY)
{
    /// <summary>The centre of the square, in cells from the first cell.</summary>
    public const float Middle = (Thumbnail.Side - 1) / 2f;

    /// <summary>The warp that moves nothing.</summary>
    public static ThumbnailWarp Identity { get; } = new(1, 0, 1, 0);

    /// <summary>Positions of the crops of <see cref="Crops"/>: the middle and each corner.</summary>
    public static IReadOnlyList<(int X, int Y)> CropPositions { get; } = [(0, 0), (-1, -1), (1, -1), (-1, 1), (1, 1)];

    /// <summary>Crops to 95 % of width and height.</summary>
    public static IReadOnlyList<ThumbnailWarp> Crops { get; } = [.. CropPositions.Select(position => Crop(0.95f, position))];

    /// <summary>
    /// Positions of a photo in another one to try: identical, the second is a crop of the first, or the first of the second.
    /// </summary>
    public static IReadOnlyList<ThumbnailWarp> Positions { get; } = [Identity, .. Crops.Select(c => c.Inverse()), .. Crops];

    /// <summary>Returns the inverse warp.</summary>
    public ThumbnailWarp Inverse() => new(1 / ScaleX, -ShiftX / ScaleX, 1 / ScaleY, -ShiftY / ScaleY);

    /// <summary>Returns column and row in the other thumbnail for column and row in this one.</summary>
    public (float X, float Y) Map(int x, int y) => (Middle + (ScaleX * (x - Middle)) + ShiftX, Middle + (ScaleY * (y - Middle)) + ShiftY);

    /// <summary>Resamples a thumbnail through the warp; the outermost cells are repeated beyond the edge.</summary>
    /// <param name="cells">[<see cref="Thumbnail.Side"/>, <see cref="Thumbnail.Side"/>].</param>
    /// <param name="result">The result, of the same shape.</param>
    public void Resample(ReadOnlySpan<byte> cells, Span<byte> result)
    {
        Span<float> values = stackalloc float[Thumbnail.Area];
        for (int i = 0; i < values.Length; i++) values[i] = cells[i];
        for (int i = 0; i < result.Length; i++)
        {
            var (x, y) = Map(i % Thumbnail.Side, i / Thumbnail.Side);
            TrySample(values, Math.Clamp(x, 0, Thumbnail.Side - 1), Math.Clamp(y, 0, Thumbnail.Side - 1), out float value);
            result[i] = (byte)MathF.Round(value);
        }
    }

    /// <summary>
    /// Samples a thumbnail at the warped position of every cell, offset by <paramref name="right"/> and <paramref name="down"/> cells; NaN
    /// outside. Same values as <see cref="TrySample"/>, but columns and rows are looked up once.
    /// </summary>
    public void Sample(ReadOnlySpan<float> cells, float right, float down, Span<float> result)
    {
        Span<int> lefts = stackalloc int[Thumbnail.Side];
        Span<float> parts = stackalloc float[Thumbnail.Side];
        for (int i = 0; i < Thumbnail.Side; i++)
        {
            float x = Map(i, 0).X + right;
            bool inside = x >= 0 && x <= Thumbnail.Side - 1;
            lefts[i] = inside ? Math.Min((int)x, Thumbnail.Side - 2) : 0;
            parts[i] = inside ? x - lefts[i] : float.NaN;
        }

        for (int row = 0; row < Thumbnail.Side; row++)
        {
            var values = result.Slice(row * Thumbnail.Side, Thumbnail.Side);
            float y = Map(0, row).Y + down;
            if (!(y >= 0 && y <= Thumbnail.Side - 1))
            {
                values.Fill(float.NaN);
                continue;
            }

            int top = Math.Min((int)y, Thumbnail.Side - 2);
            float partY = y - top;
            var above = cells.Slice(top * Thumbnail.Side, Thumbnail.Side);
            var below = cells.Slice((top + 1) * Thumbnail.Side, Thumbnail.Side);
            for (int i = 0; i < values.Length; i++)
            {
                int left = lefts[i];
                float upper = above[left] + (parts[i] * (above[left + 1] - above[left]));
                float lower = below[left] + (parts[i] * (below[left + 1] - below[left]));
                values[i] = upper + (partY * (lower - upper));
            }
        }
    }

    /// <summary>Interpolates a thumbnail between its cells; returns false outside of it.</summary>
    public static bool TrySample(ReadOnlySpan<float> cells, float x, float y, out float value)
    {
        value = 0;
        if (!(x >= 0 && y >= 0 && x <= Thumbnail.Side - 1 && y <= Thumbnail.Side - 1)) return false;
        int left = Math.Min((int)x, Thumbnail.Side - 2), top = Math.Min((int)y, Thumbnail.Side - 2);
        float partX = x - left, partY = y - top;
        int at = (top * Thumbnail.Side) + left;
        float upper = cells[at] + (partX * (cells[at + 1] - cells[at]));
        float lower = cells[at + Thumbnail.Side] + (partX * (cells[at + Thumbnail.Side + 1] - cells[at + Thumbnail.Side]));
        value = upper + (partY * (lower - upper));
        return true;
    }

    private static ThumbnailWarp Crop(float part, (int X, int Y) position)
    {
        float shift = (1 - part) * Thumbnail.Side / 2;
        return new ThumbnailWarp(part, shift * position.X, part, shift * position.Y);
    }
}
