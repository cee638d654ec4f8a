using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Draws resamples of paired differences: with replacement, as many as there are, always the same ones for a seed.</summary>
internal static class Bootstrap
{
    /// <summary>The mean of each resample.</summary>
    /// <param name="differences">One number a photo.</param>
    /// <param name="resamples">How many resamples to draw.</param>
    /// <param name="seed">Names the sequence of the draws.</param>
    public static double[] Means(ReadOnlySpan<double> differences, int resamples, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfZero(differences.Length, nameof(differences));
        var random = new DeterministicRandom(seed, differences.Length, 1);
        double[] means = new double[resamples];
        for (int b = 0; b < means.Length; b++)
        {
            double sum = 0;
            for (int i = 0; i < differences.Length; i++) sum += differences[random.NextInt(differences.Length)];
            means[b] = sum / differences.Length;
        }

        return means;
    }
}
