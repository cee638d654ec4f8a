using System.Diagnostics;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public class AwakeClockTests
{
    [Fact]
    public void Measures_what_a_stopwatch_measures_while_the_computer_is_awake()
    {
        var tolerance = TimeSpan.FromMilliseconds(1);
        long outer = Stopwatch.GetTimestamp();
        var start = AwakeClock.Now;
        long inner = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(inner) < 20 * tolerance) Assert.True(AwakeClock.Now >= start);
        var least = Stopwatch.GetElapsedTime(inner);
        var measured = AwakeClock.Now - start;
        Assert.InRange(measured, least - tolerance, Stopwatch.GetElapsedTime(outer) + tolerance);
    }
}
