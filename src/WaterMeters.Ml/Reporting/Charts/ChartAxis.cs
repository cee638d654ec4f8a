using System.Globalization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>A linear axis with ticks at multiples of 1, 2 or 5 times a power of ten.</summary>
internal sealed class ChartAxis
{
    private const double Limit = 1e300; // larger spans overflow

    private ChartAxis(double least, double most, double step) => (Least, Most, Step) = (least, most, step);

    /// <summary>Value at the start.</summary>
    public double Least { get; }

    /// <summary>Value at the end, above <see cref="Least"/>.</summary>
    public double Most { get; }

    /// <summary>Distance between two ticks.</summary>
    public double Step { get; }

    /// <summary>Values with a tick, ascending; at least two unless the ends were given.</summary>
    public IReadOnlyList<double> Ticks
    {
        get
        {
            long first = (long)Math.Ceiling((Least / Step) - 1e-9), last = (long)Math.Floor((Most / Step) + 1e-9);
            return [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => (first + i) * Step)];
        }
    }

    /// <summary>Creates an axis over values, rounded outward to whole steps; from 0 to 1 without finite values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="steps">Approximate number of steps.</param>
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
        (least, most) = Separate(least, most);
        double step = RoundStep.For(most - least, steps);
        return new ChartAxis(Math.Floor((least / step) + 1e-9) * step, Math.Ceiling((most / step) - 1e-9) * step, step);
    }

    /// <summary>Creates an axis over counts or numbers such as epochs, whose ticks are integers.</summary>
    /// <param name="values">The values.</param>
    /// <param name="steps">Approximate number of steps.</param>
    public static ChartAxis OverCounts(IEnumerable<double> values, int steps = 5)
    {
        var axis = Over(values, steps);
        return axis.Step >= 1
            ? axis
            : new ChartAxis(Math.Floor(axis.Least + 1e-9), Math.Max(Math.Ceiling(axis.Most - 1e-9), Math.Floor(axis.Least + 1e-9) + 1), 1);
    }

    /// <summary>
    /// Creates an axis over scores, such as Dice, which are from 0 to 1: equal scores of 1 do not make an axis beyond 1.
    /// </summary>
    /// <param name="values">The scores; one outside of 0 to 1 extends the axis.</param>
    /// <param name="steps">Approximate number of steps.</param>
    public static ChartAxis OverScores(IEnumerable<double> values, int steps = 5)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        var axis = Over(finite, steps);
        double least = axis.Least < 0 && finite.All(score => score >= 0) ? 0 : axis.Least;
        double most = axis.Most > 1 && finite.All(score => score <= 1) ? 1 : axis.Most;
        return new ChartAxis(least, most, axis.Step);
    }

    /// <summary>Creates an axis with the given ends.</summary>
    public static ChartAxis Between(double least, double most, int steps = 5)
    {
        (least, most) = Separate(least, most);
        return new ChartAxis(least, most, RoundStep.For(most - least, steps));
    }

    /// <summary>Returns the position of a value along the axis, 0..1 within its ends.</summary>
    public double Fraction(double value) => (value - Least) / (Most - Least);

    /// <summary>Formats the label of a tick, with the decimals of the step, the same in every culture.</summary>
    public string Label(double value)
    {
        if (Math.Abs(value) < Step / 1e6) value = 0; // no minus zero
        double size = Math.Max(Math.Abs(Least), Math.Abs(Most));
        if (size >= 1e7 || Step < 1e-5) return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(Step) - 1e-9), 0, 5);
        return value.ToString((size >= 10_000 ? "#,##0." : "0.") + new string('0', decimals), CultureInfo.InvariantCulture);
    }

    /// <summary>Returns finite ends that are far enough apart for distinct ticks at their magnitude.</summary>
    private static (double Least, double Most) Separate(double least, double most)
    {
        (least, most) = (Math.Clamp(least, -Limit, Limit), Math.Clamp(most, -Limit, Limit));
        double size = Math.Max(Math.Abs(least), Math.Abs(most));
        if (most - least > Math.Max(size * 1e-6, 1 / Limit)) return (least, most);
        double room = size < 1 / Limit ? 1 : size * 0.1;
        return least >= 0 && least < room ? (0, least + room) : (least - room, most + room);
    }
}
