using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Reporting.Charts;

namespace WaterMeters.Ml.Tests.Reporting.Charts;

public class ChartAxisTests
{
    [Fact]
    public void Covers_any_values_with_a_few_ticks_at_round_steps()
    {
        var values = ArbMap.Default.GeneratorFor<double[]>().Select(array => array ?? []);
        Prop.ForAll(values.ToArbitrary(), array =>
        {
            var axis = ChartAxis.Over(array);
            var ticks = axis.Ticks;
            var finite = array.Where(double.IsFinite).ToArray();
            double slack = axis.Step * 1e-6;
            return ticks.Count is >= 2 and <= 9
                && finite.All(value => Math.Abs(value) > 1e299 || (value >= axis.Least - slack && value <= axis.Most + slack))
                && Math.Abs(ticks[0] - axis.Least) <= slack && Math.Abs(ticks[^1] - axis.Most) <= slack
                && IsRound(axis.Step)
                && ticks.Select(axis.Label).Distinct().Count() == ticks.Count;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0, 1, new[] { "0.0", "0.2", "0.4", "0.6", "0.8", "1.0" })]
    [InlineData(0, 47, new[] { "0", "10", "20", "30", "40", "50" })]
    [InlineData(-0.03, 0.04, new[] { "-0.04", "-0.02", "0.00", "0.02", "0.04" })]
    [InlineData(3, 3, new[] { "2.6", "2.8", "3.0", "3.2", "3.4" })]
    [InlineData(0, 0, new[] { "0.0", "0.2", "0.4", "0.6", "0.8", "1.0" })]
    [InlineData(0, 90000, new[] { "0", "20,000", "40,000", "60,000", "80,000", "100,000" })]
    [InlineData(0, 3e-7, new[] { "0e0", "1e-7", "2e-7", "3e-7" })]
    public void Labels_its_ticks_with_the_decimals_of_the_step(double least, double most, string[] labels)
    {
        var axis = ChartAxis.Over([least, most]);
        Assert.Equal(labels, axis.Ticks.Select(axis.Label));
    }

    [Fact]
    public void Keeps_given_ends()
    {
        var axis = ChartAxis.Between(0.05, 0.95);
        Assert.Equal((0.05, 0.95), (axis.Least, axis.Most));
        Assert.Equal(["0.2", "0.4", "0.6", "0.8"], axis.Ticks.Select(axis.Label));
        Assert.Equal((0, 1), (axis.Fraction(0.05), axis.Fraction(0.95)));
    }

    [Theory]
    [InlineData(1, 1, "0 1 2")]
    [InlineData(1, 2, "1 2")]
    [InlineData(0, 0, "0 1")]
    [InlineData(0, 3, "0 1 2 3")]
    [InlineData(1, 47, "0 10 20 30 40 50")]
    public void Has_integers_over_counts(double least, double most, string labels)
    {
        var axis = ChartAxis.OverCounts([least, most]);
        Assert.Equal(labels, string.Join(' ', axis.Ticks.Select(axis.Label)));
    }

    [Theory]
    [InlineData(1, 1, 0.9, 1)]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0.31, 0.98, 0.2, 1)]
    [InlineData(0.5, 1.2, 0.4, 1.2)]
    public void Stays_within_0_and_1_over_scores(double least, double most, double from, double to)
    {
        var axis = ChartAxis.OverScores([least, most, double.NaN]);
        Assert.Equal((from, to), (Math.Round(axis.Least, 6), Math.Round(axis.Most, 6)));
    }

    private static bool IsRound(double step)
    {
        double factor = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9));
        return new[] { 1, 2, 5, 10 }.Any(round => Math.Abs(factor - round) < 1e-6);
    }
}
