using WaterMeters.Ml.Evaluation.Gate;

namespace WaterMeters.Ml.Tests.Evaluation.Gate;

/// <summary>How often the gate says what, over many simulated tests.</summary>
/// <param name="Promoted">Part of the tests that a candidate passed under the policy Superior.</param>
/// <param name="Better">Part with the verdict Superior.</param>
/// <param name="BlockedByMisses">Part with the verdict Superior that the rule of the missed windows stopped.</param>
/// <param name="Covered">Part whose interval holds the truth.</param>
/// <param name="Strict">Part that the seed's rule promoted.</param>
internal sealed record SimulatedGate(double Promoted, double Better, double BlockedByMisses, double Covered, double Strict)
{
    /// <summary>Simulates; always the same numbers for the same arguments.</summary>
    /// <param name="simulation">How scores are drawn.</param>
    /// <param name="photos">Photos of each test.</param>
    /// <param name="effect">The true mean difference.</param>
    /// <param name="tests">How many tests.</param>
    /// <param name="attempts">Candidates, all of the same worth; the one with the best mean on a validation as large as the test is tested.</param>
    public static SimulatedGate Run(ScoreSimulation simulation, int photos, double effect, int tests, int attempts = 1)
    {
        int promoted = 0, better = 0, blocked = 0, covered = 0, strict = 0;
        Parallel.For(0, tests, test =>
        {
            var random = new Random(HashCode(photos, effect, test, attempts));
            ScorePairs chosen = simulation.Draw(photos, effect, random);
            double best = attempts == 1 ? 0 : simulation.Draw(photos, effect, random).Candidate.Average();
            for (int other = 1; other < attempts; other++)
            {
                var next = simulation.Draw(photos, effect, random);
                double validation = simulation.Draw(photos, effect, random).Candidate.Average();
                if (validation > best) (best, chosen) = (validation, next);
            }

            var options = new GateOptions { Seed = test };
            double mean = chosen.Differences().Average();
            var evidence = GateEvidence.Collect(chosen, mean, [], options);
            var decision = GateRules.Decide(evidence, new GateProvenance(true, true), options);
            bool superior = decision.Verdict == ComparisonVerdict.Superior;
            if (decision.Passed) Interlocked.Increment(ref promoted);
            if (superior) Interlocked.Increment(ref better);
            if (superior && decision.Flags.Contains(GateFlag.MissesMoreWindows)) Interlocked.Increment(ref blocked);
            if (evidence.Lower <= effect && effect <= evidence.Upper) Interlocked.Increment(ref covered);
            if (mean > 0) Interlocked.Increment(ref strict);
        });
        double all = tests;
        return new SimulatedGate(promoted / all, better / all, blocked / all, covered / all, strict / all);
    }

    // HashCode of the runtime differs from process to process.
    private static int HashCode(int photos, double effect, int test, int attempts) =>
        unchecked((((((photos * 31) + (int)Math.Round(effect * 1e6)) * 1_000_003) + test) * 31) + attempts);
}
