using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Foundation;

public class BinnedCountsTests
{
    [Fact]
    public void Counts_every_finite_value_in_about_two_dozen_bars()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<double[]>(), array =>
        {
            double[] values = array ?? [];
            var bars = Count(0.01, values).Bars();
            return bars.Sum(bar => bar.Count) == values.Count(double.IsFinite)
                && bars.Count <= 28
                && bars.Skip(1).All(bar => bar.To >= bar.From)
                && bars.Zip(bars.Skip(1))
                    .All(pair => Math.Abs(pair.First.To - pair.Second.From) <= 1e-9 * Math.Max(1, Math.Abs(pair.First.To)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Puts_outliers_into_a_tail_bar()
    {
        var counts = Count(0.05, [.. Enumerable.Range(0, 240).Select(i => 2 + (i % 20 * 0.1)), 96.5]);
        var bars = counts.Bars();
        Assert.True(bars[^1].IsTail);
        Assert.Equal((1, 96.5), (bars[^1].Count, bars[^1].To));
        Assert.True(bars.Count(bar => !bar.IsTail && bar.Count > 0) >= 10);
        Assert.Equal((2, 96.5), (counts.Least, counts.Most));
        Assert.Equal(3, counts.Median, 0.05);
    }

    [Fact]
    public void Has_no_bars_without_values_and_one_for_equal_values()
    {
        Assert.Empty(new BinnedCounts(1).Bars());
        Assert.True(double.IsNaN(new BinnedCounts(1).Median));
        Assert.Equal(3, Assert.Single(Count(0.1, [1.3, 1.3, 1.3, double.NaN]).Bars()).Count);
    }

    internal static BinnedCounts Count(double width, double[] values)
    {
        var counts = new BinnedCounts(width);
        foreach (double value in values) counts.Add(value);
        return counts;
    }
}
