namespace WaterMeters.Ml.Evaluation.Metrics;

/// <summary>
/// Scores a predicted mask against the true one exactly as the legacy pipeline does, so that its published figures stay comparable.
/// Reuses its arrays: after the largest pair it allocates nothing. Not thread-safe.
/// </summary>
internal sealed class MaskScorer
{
    private readonly DistanceTransform transform = new();
    private long[] squared = [];

    /// <summary>
    /// Scores one pair: Dice = (2I + 1e-6) / (P + T + 1e-6), IoU = (I + 1e-6) / (U + 1e-6), the fraction of equal pixels,
    /// and the Hausdorff distance, the larger of the two directed distances between foreground pixels.
    /// </summary>
    /// <param name="predicted"><paramref name="height"/> rows of <paramref name="width"/> values; every value but 0 is foreground.</param>
    /// <param name="truth">The true mask, of the same size.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ArgumentException">A mask does not have this size.</exception>
    public MaskScores Score(ReadOnlySpan<byte> predicted, ReadOnlySpan<byte> truth, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        RequireSize(predicted, width, height, nameof(predicted));
        RequireSize(truth, width, height, nameof(truth));

        var overlap = MaskOverlap.Count(predicted, truth);
        double pixels = (double)width * height;
        return new MaskScores(
            Dice: overlap.Dice,
            IoU: overlap.IoU,
            PixelAccuracy: (pixels - overlap.Differing) / pixels,
            Hausdorff: Hausdorff(predicted, truth, width, height, overlap));
    }

    private double Hausdorff(ReadOnlySpan<byte> predicted, ReadOnlySpan<byte> truth, int width, int height, MaskOverlap overlap)
    {
        if (overlap.Differing == 0) return 0;
        if (overlap.Predicted == 0 || overlap.Truth == 0) return Math.Sqrt(((double)width * width) + ((double)height * height));

        // Both foregrounds lie in the box, so cutting off the rest changes no distance between them.
        var box = ForegroundBounds.Around(predicted, truth, width);
        predicted = predicted[box.Offset(width)..];
        truth = truth[box.Offset(width)..];

        long largest = 0;
        if (overlap.Predicted > overlap.Both) largest = LargestSquared(predicted, truth, width, box, largest);
        if (overlap.Truth > overlap.Both) largest = LargestSquared(truth, predicted, width, box, largest);
        return Math.Sqrt(largest);
    }

    /// <summary>
    /// Returns the largest squared distance of a foreground pixel of <paramref name="from"/> to the foreground of <paramref name="to"/>,
    /// or <paramref name="floor"/> if that is larger.
    /// </summary>
    private long LargestSquared(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int stride, ForegroundBounds box, long floor)
    {
        transform.Load(to, stride, box.Width, box.Height);
        if (squared.Length < box.Width) squared = new long[box.Width];

        long largest = floor;
        for (int y = 0; y < box.Height; y++)
        {
            var row = from.Slice(y * stride, box.Width);
            if (!CanExceed(largest, row, transform.ColumnDistances(y))) continue;

            transform.SquaredRow(y, squared);
            for (int x = 0; x < row.Length; x++)
            {
                if (row[x] != 0) largest = Math.Max(largest, squared[x]);
            }
        }

        return largest;
    }

    /// <summary>
    /// Returns whether a pixel of the row can be further away than the largest distance so far. The distance along the column is an
    /// upper bound of the true one, so most rows end here.
    /// </summary>
    private static bool CanExceed(long largest, ReadOnlySpan<byte> row, ReadOnlySpan<int> columnDistances)
    {
        long root = (long)Math.Sqrt(largest);
        columnDistances = columnDistances[..row.Length];
        for (int x = 0; x < row.Length; x++)
        {
            if (row[x] != 0 && columnDistances[x] > root) return true;
        }

        return false;
    }

    private static void RequireSize(ReadOnlySpan<byte> mask, int width, int height, string name)
    {
        if (mask.Length != (long)width * height)
        {
            throw new ArgumentException($"A mask of {width} x {height} pixels has {(long)width * height} values, not {mask.Length}.", name);
        }
    }
}

/// <summary>How well one predicted mask covers the true one.</summary>
/// <param name="Dice">2I / (P + T), 0..1; 1 when both masks are empty.</param>
/// <param name="IoU">I / U (Jaccard index), 0..1; 1 when both masks are empty.</param>
/// <param name="PixelAccuracy">
/// Fraction of pixels on which the masks agree, 0..1; high for an empty mask too, as most pixels are background.
/// </param>
/// <param name="Hausdorff">
/// Hausdorff distance of the foregrounds in pixels: 0 when both masks are empty, the image diagonal when one is.
/// </param>
public readonly record struct MaskScores(double Dice, double IoU, double PixelAccuracy, double Hausdorff);
