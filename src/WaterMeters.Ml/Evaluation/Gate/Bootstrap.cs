using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Draws resamples of paired differences, with replacement and of the same size; a seed always gives the same resamples.</summary>
internal static class Bootstrap
{
    /// <summary>Computes the mean of each resample.</summary>
    /// <param name="differences">One number per photo.</param>
    /// <param name="resamples">How many resamples to draw.</param>
    /// <param name="seed">Seed of the draws.</param>
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
