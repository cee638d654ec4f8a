namespace WaterMeters.Ml.Evaluation.Metrics;

/// <summary>Smallest axis-aligned box that holds the foreground of two masks, in pixels.</summary>
internal readonly record struct ForegroundBounds(int X, int Y, int Width, int Height)
{
    /// <summary>Returns the index of the box's first pixel in a mask with rows of <paramref name="stride"/> values.</summary>
    public int Offset(int stride) => (Y * stride) + X;

    /// <summary>Finds the box. Each mask must have some foreground.</summary>
    public static ForegroundBounds Around(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, int stride)
    {
        int top = Math.Min(first.IndexOfAnyExcept((byte)0), second.IndexOfAnyExcept((byte)0)) / stride;
        int bottom = Math.Max(first.LastIndexOfAnyExcept((byte)0), second.LastIndexOfAnyExcept((byte)0)) / stride;
        int left = stride, right = -1;
        for (int y = top; y <= bottom; y++)
        {
            Widen(first.Slice(y * stride, stride), ref left, ref right);
            Widen(second.Slice(y * stride, stride), ref left, ref right);
        }

        return new ForegroundBounds(left, top, right - left + 1, bottom - top + 1);
    }

    private static void Widen(ReadOnlySpan<byte> row, ref int left, ref int right)
    {
        // Only pixels outside the current box can widen it.
        int before = row[..left].IndexOfAnyExcept((byte)0);
        if (before >= 0) left = before;
        int after = row[(right + 1)..].LastIndexOfAnyExcept((byte)0);
        if (after >= 0) right += after + 1;
    }
}
