using MathNet.Numerics.Distributions;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Exact one-sided sign test (Arbuthnott, 1710): of events that hit one of two models, does the first get too many?</summary>
internal static class SignTest
{
    /// <summary>Returns the probability that at least <paramref name="first"/> of the events hit the first of two equal models.</summary>
    /// <param name="first">Events of the first model alone.</param>
    /// <param name="second">Events of the second model alone.</param>
    /// <returns>P(X >= first) for a binomial distribution of first + second trials with probability one half; 1 without events.</returns>
    public static double PValue(int first, int second) =>
        first == 0 ? 1 : 1 - new Binomial(0.5, first + second).CumulativeDistribution(first - 1);
}
