using MathNet.Numerics.Distributions;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>
/// Bias-corrected and accelerated (BCa) bootstrap interval of a mean (Efron, "Better bootstrap confidence intervals", JASA 82, 1987).
/// </summary>
/// <param name="Lower">Lower bound.</param>
/// <param name="Upper">Upper bound.</param>
/// <remarks>
/// Conventions: a resample whose mean equals the observed one counts half below it; the acceleration comes from the jackknife;
/// between two ordered means the interpolation is linear in the normal quantile (Davison and Hinkley, "Bootstrap Methods and their
/// Application", 1997, equation 5.8), and a quantile beyond them is the outermost mean. When all differences are equal, both bounds
/// equal that difference.
/// </remarks>
internal readonly record struct BcaInterval(double Lower, double Upper)
{
    /// <summary>Computes the interval from the means of resamples.</summary>
    /// <param name="differences">One number per photo.</param>
    /// <param name="means">The mean of each resample.</param>
    /// <param name="confidence">Two-sided confidence, 0..1.</param>
    public static BcaInterval Compute(ReadOnlySpan<double> differences, ReadOnlySpan<double> means, double confidence)
    {
        double mean = Mean(differences), squares = 0, cubes = 0, largest = 0;
        foreach (double difference in differences)
        {
            double deviation = difference - mean;
            squares += deviation * deviation;
            cubes += deviation * deviation * deviation;
            largest = Math.Max(largest, Math.Abs(difference));
        }

        // The same numbers summed in another order differ in the last bits.
        double tolerance = 1e-12 * largest;
        if (squares <= tolerance * tolerance * differences.Length) return new BcaInterval(mean, mean);

        double acceleration = cubes / (6 * Math.Pow(squares, 1.5));
        double below = 0;
        foreach (double m in means) below += m < mean - tolerance ? 1 : m <= mean + tolerance ? 0.5 : 0;
        double half = 0.5 / means.Length;
        double bias = Normal.InvCDF(0, 1, Math.Clamp(below / means.Length, half, 1 - half));

        double[] ordered = means.ToArray();
        Array.Sort(ordered);
        double tail = (1 - confidence) / 2;
        return new BcaInterval(Quantile(ordered, Adjusted(tail)), Quantile(ordered, Adjusted(1 - tail)));

        double Adjusted(double probability)
        {
            double z = bias + Normal.InvCDF(0, 1, probability);
            return Normal.CDF(0, 1, bias + (z / (1 - (acceleration * z))));
        }
    }

    /// <summary>Computes the mean of the differences.</summary>
    public static double Mean(ReadOnlySpan<double> differences)
    {
        double sum = 0;
        foreach (double difference in differences) sum += difference;
        return sum / differences.Length;
    }

    private static double Quantile(double[] ordered, double probability)
    {
        double rank = (ordered.Length + 1) * probability;
        int k = (int)rank;
        if (k < 1) return ordered[0];
        if (k >= ordered.Length) return ordered[^1];
        double low = Normal.InvCDF(0, 1, k / (ordered.Length + 1.0)), high = Normal.InvCDF(0, 1, (k + 1) / (ordered.Length + 1.0));
        double part = (Normal.InvCDF(0, 1, probability) - low) / (high - low);
        return ordered[k - 1] + (part * (ordered[k] - ordered[k - 1]));
    }
}
