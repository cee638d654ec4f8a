using WaterMeters.Ml.Evaluation.Gate;

namespace WaterMeters.Ml.Tests.Evaluation.Gate;

/// <summary>Outcomes of the gate as fractions of many simulated tests.</summary>
/// <param name="Promoted">Tests that a candidate passed under the policy Superior.</param>
/// <param name="Better">Tests with the verdict Superior.</param>
/// <param name="BlockedByMisses">Tests with the verdict Superior that were blocked by missed windows.</param>
/// <param name="Covered">Tests whose interval covers the truth.</param>
/// <param name="Strict">Tests that the rule of the legacy pipeline would promote.</param>
internal sealed record SimulatedGate(double Promoted, double Better, double BlockedByMisses, double Covered, double Strict)
{
    /// <summary>Runs the simulation; the same arguments always give the same numbers.</summary>
    /// <param name="simulation">How scores are drawn.</param>
    /// <param name="photos">Number of photos per test.</param>
    /// <param name="effect">The true mean difference.</param>
    /// <param name="tests">Number of tests.</param>
    /// <param name="attempts">Number of equally good candidates; the best on a validation as large as the test is tested.</param>
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

    // System.HashCode differs between processes.
    private static int HashCode(int photos, double effect, int test, int attempts) =>
        unchecked((((((photos * 31) + (int)Math.Round(effect * 1e6)) * 1_000_003) + test) * 31) + attempts);
}
