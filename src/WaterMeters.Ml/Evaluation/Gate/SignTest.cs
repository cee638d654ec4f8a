using MathNet.Numerics.Distributions;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>The exact one-sided sign test (Arbuthnott, 1710): of events that happen to one of two, does the one have too many?</summary>
internal static class SignTest
{
    /// <summary>How probable it is that so many of the events or more fall to the first of two equals.</summary>
    /// <param name="first">Events of the first alone.</param>
    /// <param name="second">Events of the second alone.</param>
    /// <returns>P(X >= first) of a binomial distribution over first + second trials at one half; 1 without events.</returns>
    public static double PValue(int first, int second) =>
        first == 0 ? 1 : 1 - new Binomial(0.5, first + second).CumulativeDistribution(first - 1);
}
