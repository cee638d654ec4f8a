using System.Globalization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>A straight axis from one round number to another, with ticks at multiples of 1, 2 or 5 times a power of ten.</summary>
internal sealed class ChartAxis
{
    private const double Far = 1e300; // beyond, a span is no number any more

    private ChartAxis(double least, double most, double step) => (Least, Most, Step) = (least, most, step);

    /// <summary>The value at its beginning.</summary>
    public double Least { get; }

    /// <summary>The value at its end, above <see cref="Least"/>.</summary>
    public double Most { get; }

    /// <summary>From one tick to the next.</summary>
    public double Step { get; }

    /// <summary>The values that have a tick, ascending; at least two of them unless the ends are given.</summary>
    public IReadOnlyList<double> Ticks
    {
        get
        {
            long first = (long)Math.Ceiling((Least / Step) - 1e-9), last = (long)Math.Floor((Most / Step) + 1e-9);
            return [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => (first + i) * Step)];
        }
    }

    /// <summary>An axis over these values, rounded outward to whole steps. Without any finite value it goes from 0 to 1.</summary>
    /// <param name="values">The values.</param>
    /// <param name="steps">About how many steps it should have.</param>
    public static ChartAxis Over(IEnumerable<double> values, int steps = 5)
    {
        ArgumentNullException.ThrowIfNull(values);
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!double.IsFinite(value)) continue;
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        if (least > most) (least, most) = (0, 1);
        (least, most) = Apart(least, most);
        double step = RoundStep.For(most - least, steps);
        return new ChartAxis(Math.Floor((least / step) + 1e-9) * step, Math.Ceiling((most / step) - 1e-9) * step, step);
    }

    /// <summary>An axis that begins and ends where it is told.</summary>
    public static ChartAxis Between(double least, double most, int steps = 5)
    {
        (least, most) = Apart(least, most);
        return new ChartAxis(least, most, RoundStep.For(most - least, steps));
    }

    /// <summary>How far along the axis a value is, 0 to 1 within it.</summary>
    public double Part(double value) => (value - Least) / (Most - Least);

    /// <summary>A tick's text: as many decimals as the step has, the same in every culture.</summary>
    public string Label(double value)
    {
        if (Math.Abs(value) < Step / 1e6) value = 0; // no minus zero
        double size = Math.Max(Math.Abs(Least), Math.Abs(Most));
        if (size >= 1e7 || Step < 1e-5) return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(Step) - 1e-9), 0, 5);
        return value.ToString((size >= 10_000 ? "#,##0." : "0.") + new string('0', decimals), CultureInfo.InvariantCulture);
    }

    /// <summary>Ends that are finite, and as far apart as their size lets ticks be told from one another.</summary>
    private static (double Least, double Most) Apart(double least, double most)
    {
        (least, most) = (Math.Clamp(least, -Far, Far), Math.Clamp(most, -Far, Far));
        double size = Math.Max(Math.Abs(least), Math.Abs(most));
        if (most - least > Math.Max(size * 1e-6, 1 / Far)) return (least, most);
        double room = size < 1 / Far ? 1 : size * 0.1;
        return least >= 0 && least < room ? (0, least + room) : (least - room, most + room);
    }
}
