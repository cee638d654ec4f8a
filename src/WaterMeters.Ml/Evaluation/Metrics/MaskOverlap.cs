using System.Numerics;
using System.Runtime.Intrinsics;

namespace WaterMeters.Ml.Evaluation.Metrics;

/// <summary>Pixel counts from which the overlap scores are computed.</summary>
/// <param name="Predicted">Foreground pixels of the predicted mask (P).</param>
/// <param name="Truth">Foreground pixels of the true mask (T).</param>
/// <param name="Both">Pixels that are foreground in both (I).</param>
internal readonly record struct MaskOverlap(long Predicted, long Truth, long Both)
{
    // The smoothing term of the legacy pipeline. It makes two empty masks score 1.
    private const double Smoothing = 1e-6;

    /// <summary>Pixels that are foreground in at least one mask (U).</summary>
    public long Either => Predicted + Truth - Both;

    /// <summary>Pixels on which the masks differ.</summary>
    public long Differing => Either - Both;

    /// <summary>Dice: (2I + 1e-6) / (P + T + 1e-6), 0..1.</summary>
    public double Dice => ((2.0 * Both) + Smoothing) / (Predicted + Truth + Smoothing);

    /// <summary>Intersection over union: (I + 1e-6) / (U + 1e-6), 0..1.</summary>
    public double IoU => (Both + Smoothing) / (Either + Smoothing);

    /// <summary>Counts the pixels of two masks of equal length; every value but 0 is foreground.</summary>
    public static MaskOverlap Count(ReadOnlySpan<byte> predicted, ReadOnlySpan<byte> truth)
    {
        long predictedCount = 0, truthCount = 0, both = 0;
        int i = 0;
        for (; i <= predicted.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            uint p = Foreground(predicted[i..]);
            uint t = Foreground(truth[i..]);
            predictedCount += BitOperations.PopCount(p);
            truthCount += BitOperations.PopCount(t);
            both += BitOperations.PopCount(p & t);
        }

        for (; i < predicted.Length; i++)
        {
            int p = predicted[i] != 0 ? 1 : 0;
            int t = truth[i] != 0 ? 1 : 0;
            predictedCount += p;
            truthCount += t;
            both += p & t;
        }

        return new MaskOverlap(predictedCount, truthCount, both);
    }

    private static uint Foreground(ReadOnlySpan<byte> values) =>
        ~Vector256.Equals(Vector256.Create(values), Vector256<byte>.Zero).ExtractMostSignificantBits();
}
