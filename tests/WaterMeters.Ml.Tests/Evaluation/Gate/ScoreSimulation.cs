using WaterMeters.Ml.Evaluation.Gate;

namespace WaterMeters.Ml.Tests.Evaluation.Gate;

/// <summary>Draws pairs of scores with a known true mean difference.</summary>
/// <param name="Scatter">Standard deviation of the difference on photos that neither model misses.</param>
/// <param name="Flips">Fraction of the photos on which one model, by chance, scores 0.8 less.</param>
/// <param name="CandidateMisses">Fraction of the windows that the candidate misses: its score is 0 there.</param>
/// <param name="BaselineMisses">Fraction of the windows that the baseline misses.</param>
internal sealed record ScoreSimulation(double Scatter, double Flips, double CandidateMisses, double BaselineMisses)
{
    private const double Level = 0.75, Flip = 0.8;

    /// <summary>(a): a Gaussian difference with standard deviation 0.1; both miss 3 % of the windows.</summary>
    public static ScoreSimulation Gaussian { get; } = new(0.1, 0, 0.03, 0.03);

    /// <summary>(b): small differences, and 4 % of the photos flip by 0.8 either way; both miss 3 % of the windows.</summary>
    public static ScoreSimulation Flipping { get; } = new(0.02, 0.04, 0.03, 0.03);

    /// <summary>(c): only the candidate misses 3 % of the windows.</summary>
    public static ScoreSimulation Missing { get; } = new(0.03, 0, 0.03, 0);

    /// <summary>Draws the scores of one test.</summary>
    /// <param name="photos">Number of photos.</param>
    /// <param name="effect">The true mean difference of Dice, candidate minus baseline.</param>
    /// <param name="random">Source of random numbers.</param>
    public ScorePairs Draw(int photos, double effect, Random random)
    {
        // Shifts the photos that neither misses so that the mean over all photos equals the effect.
        double neither = (1 - CandidateMisses) * (1 - BaselineMisses);
        double onlyCandidate = CandidateMisses * (1 - BaselineMisses), onlyBaseline = BaselineMisses * (1 - CandidateMisses);
        double shift = (effect + ((onlyCandidate - onlyBaseline) * Level)) / neither;
        double[] candidate = new double[photos], baseline = new double[photos];
        for (int i = 0; i < photos; i++)
        {
            double level = Level + ((random.NextDouble() - 0.5) * 0.1);
            double difference = shift + (Scatter * Gauss(random));
            bool missed = random.NextDouble() < CandidateMisses, baselineMissed = random.NextDouble() < BaselineMisses;
            if (missed || baselineMissed)
            {
                candidate[i] = missed ? 0 : level;
                baseline[i] = baselineMissed ? 0 : level;
            }
            else if (random.NextDouble() < Flips)
            {
                bool up = random.NextDouble() < 0.5;
                double low = 0.15, high = low + Flip;
                candidate[i] = (up ? high : low) + (shift / 2);
                baseline[i] = (up ? low : high) - (shift / 2);
            }
            else
            {
                candidate[i] = Math.Clamp(level + (difference / 2), 0.1, 1);
                baseline[i] = Math.Clamp(level - (difference / 2), 0.1, 1);
            }
        }

        return new ScorePairs(candidate, baseline);
    }

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
