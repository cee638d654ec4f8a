namespace WaterMeters.Ml.Tests.Evaluation.Gate;

/// <summary>
/// Simulates the gate on score pairs whose true difference is known. WMS_PROVE=full runs 5,000 tests of each kind and prints a table;
/// by default a few hundred show that no more equal models pass than alpha allows.
/// </summary>
public class GateSimulationTests(ITestOutputHelper output)
{
    private static readonly int[] Sizes = ProcessMemory.Full ? [100, 150, 250] : [100];
    private static readonly int Tests = ProcessMemory.Full ? 5000 : 300;

    public static TheoryData<string> Kinds() => ["Gaussian", "Flipping"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_equal_model_passes_no_more_often_than_alpha(string kind)
    {
        foreach (int photos in Sizes)
        {
            foreach (int attempts in new[] { 1, 3 })
            {
                var equal = SimulatedGate.Run(Simulation(kind), photos, 0, Tests, attempts);
                Print(kind, photos, 0, attempts, equal);
                Assert.InRange(equal.Promoted, 0, 0.025 + (3 * Math.Sqrt(0.025 * 0.975 / Tests)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_worse_model_rarely_passes(string kind)
    {
        foreach (int photos in Sizes)
        {
            // Close to the limit with the fewest photos: 5,000 tests leave a standard error of 0.14 %, 40,000 of 0.05 %.
            int tests = ProcessMemory.Full && kind == "Flipping" && photos == 100 ? 8 * Tests : Tests;
            var worse = SimulatedGate.Run(Simulation(kind), photos, -0.01, tests);
            Print(kind, photos, -0.01, 1, worse);
            Assert.InRange(worse.Promoted, 0, ProcessMemory.Full ? 0.01 : 0.03);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_better_model_passes_more_often_the_better_it_is(string kind)
    {
        foreach (int photos in Sizes)
        {
            double before = 0;
            foreach (double effect in ProcessMemory.Full ? [0.01, 0.02, 0.03] : new[] { 0.03, 0.06 })
            {
                var better = SimulatedGate.Run(Simulation(kind), photos, effect, Tests);
                Print(kind, photos, effect, 1, better);
                Assert.True(better.Promoted > before, $"{photos} photos, {effect}: {better.Promoted} after {before}");
                before = better.Promoted;
            }
        }
    }

    [Fact]
    public void A_candidate_that_misses_more_windows_rarely_passes()
    {
        foreach (int photos in ProcessMemory.Full ? [100, 125, 150, 175, 200, 250] : new[] { 250 })
        {
            var missing = SimulatedGate.Run(ScoreSimulation.Missing, photos, 0, Tests);
            Print("Missing", photos, 0, 1, missing);
            if (photos >= 250) Assert.InRange(missing.Promoted, 0, 0.025);
        }
    }

    private static ScoreSimulation Simulation(string kind) => kind == "Gaussian" ? ScoreSimulation.Gaussian : ScoreSimulation.Flipping;

    private void Print(string kind, int photos, double effect, int attempts, SimulatedGate seen) =>
        output.WriteLine(FormattableString.Invariant(
            $"figure: {kind} {photos} photos, truth {effect:+0.00;-0.00;0}, attempts {attempts}: promoted {seen.Promoted:0.0%}, ")
            + FormattableString.Invariant($"Superior {seen.Better:0.0%}, blocked by misses {seen.BlockedByMisses:0.0%}, ")
            + FormattableString.Invariant($"interval covers the truth {seen.Covered:0.0%}, legacy rule {seen.Strict:0.0%}"));
}
