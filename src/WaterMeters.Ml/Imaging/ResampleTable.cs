namespace WaterMeters.Ml.Imaging;

/// <summary>
/// The weights of Pillow's antialiased bilinear filter along one axis (Pillow's src/libImaging/Resample.c,
/// precompute_coeffs and normalize_coeffs_8bpc): a triangle as wide as the scale, normalised, in fixed point.
/// Every output has the same, even number of taps; unused taps have weight zero.
/// </summary>
internal sealed class ResampleTable
{
    /// <summary>Fraction bits of a weight: 32 - 8 - 2.</summary>
    public const int PrecisionBits = 22;

    /// <summary>A weight is its high part times 2^11 plus its low part; both fit the 16 bits of vector multiplications.</summary>
    public const int LowBits = 11;

    private int[] starts = [];
    private int[] weights = [];
    private int[] pairs = [];
    private int source, target;

    /// <summary>Number of taps of each output; even, and possibly larger than the source.</summary>
    public int Taps { get; private set; }

    /// <summary>First source pixel of each output.</summary>
    public ReadOnlySpan<int> Starts => starts.AsSpan(0, target);

    /// <summary>Weights, [target, Taps].</summary>
    public ReadOnlySpan<int> Weights => weights.AsSpan(0, target * Taps);

    /// <summary>
    /// The same weights for two taps at once, [target, Taps / 2, 2]: the high parts of both (the second in the upper 16 bits), then the
    /// low parts.
    /// </summary>
    public ReadOnlySpan<int> Pairs => pairs.AsSpan(0, target * Taps);

    /// <summary>Fills the table for scaling an axis from <paramref name="sourceSize"/> to <paramref name="targetSize"/> pixels.</summary>
    public void Prepare(int sourceSize, int targetSize)
    {
        if (sourceSize == source && targetSize == target) return;

        (source, target) = (sourceSize, targetSize);
        double scale = (double)sourceSize / targetSize;
        double support = Math.Max(scale, 1.0);
        double inverse = 1.0 / support;

        Taps = 2;
        for (int i = 0; i < targetSize; i++)
        {
            var (first, last) = Window(i, scale, support);
            Taps = Math.Max(Taps, (last - first + 1) & ~1);
        }

        if (starts.Length < targetSize) starts = new int[targetSize];
        if (weights.Length < targetSize * Taps)
        {
            weights = new int[targetSize * Taps];
            pairs = new int[targetSize * Taps];
        }

        for (int i = 0; i < targetSize; i++)
        {
            var (first, last) = Window(i, scale, support);
            double center = (i + 0.5) * scale;
            double sum = 0;
            for (int k = first; k < last; k++) sum += Triangle((k - center + 0.5) * inverse);

            // Unused taps must not read past the last pixel, so near the end the window moves back.
            int start = Math.Max(0, Math.Min(first, sourceSize - Taps));
            starts[i] = start;
            var line = weights.AsSpan(i * Taps, Taps);
            line.Clear();
            for (int k = first; k < last; k++)
            {
                double weight = Triangle((k - center + 0.5) * inverse);
                if (sum != 0) weight /= sum;
                line[k - start] = (int)(0.5 + (weight * (1 << PrecisionBits)));
            }

            for (int k = 0; k < Taps; k += 2)
            {
                const int Low = (1 << LowBits) - 1;
                pairs[(i * Taps) + k] = (line[k] >> LowBits) | ((line[k + 1] >> LowBits) << 16);
                pairs[(i * Taps) + k + 1] = (line[k] & Low) | ((line[k + 1] & Low) << 16);
            }
        }

        (int First, int Last) Window(int i, double step, double reach)
        {
            double center = (i + 0.5) * step;
            return (Math.Max((int)(center - reach + 0.5), 0), Math.Min((int)(center + reach + 0.5), sourceSize));
        }
    }

    private static double Triangle(double x) => Math.Max(0, 1 - Math.Abs(x));
}
