namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Counts values in narrow bins instead of keeping them, so a million photos take no more memory than a hundred. Not thread-safe.
/// </summary>
/// <param name="width">The width of a bin; bins start at multiples of it.</param>
internal sealed class BinnedCounts(double width)
{
    private const int MostBars = 24;
    private const int MostBins = 10_000; // to each side of zero; values beyond count in the last bin
    private const double TailPart = 0.05;

    private readonly SortedDictionary<int, long> bins = [];

    /// <summary>The number of counted values.</summary>
    public long Count { get; private set; }

    /// <summary>The smallest value, or NaN.</summary>
    public double Least { get; private set; } = double.NaN;

    /// <summary>The largest value, or NaN.</summary>
    public double Most { get; private set; } = double.NaN;

    /// <summary>The median, to within a bin width; NaN without values.</summary>
    public double Median => Count == 0 ? double.NaN : Math.Clamp((BinAt((Count - 1) / 2) + 0.5) * width, Least, Most);

    /// <summary>Counts a value; ignores one that is not finite.</summary>
    public void Add(double value)
    {
        if (!double.IsFinite(value)) return;
        int bin = (int)Math.Clamp(Math.Floor((value / width) + 1e-9), -MostBins, MostBins);
        bins[bin] = bins.GetValueOrDefault(bin) + 1;
        Count++;
        Least = Count == 1 ? value : Math.Min(Least, value);
        Most = Count == 1 ? value : Math.Max(Most, value);
    }

    /// <summary>
    /// Returns about two dozen bars of a round width over the range of the values; none without values. A few outliers would squeeze all
    /// others into one bar, so each end may have a tail bar for them.
    /// </summary>
    public IReadOnlyList<HistogramBar> Bars()
    {
        if (Count == 0) return [];
        int low = BinAt((long)((Count - 1) * TailPart)), high = BinAt((long)Math.Ceiling((Count - 1) * (1 - TailPart)));
        int room = Math.Max(high - low, MostBars / 2);
        (low, high) = (bins.Keys.First(bin => bin >= low - room), bins.Keys.Last(bin => bin <= high + room));

        int group = (int)Math.Round(RoundStep.For(Math.Max(high - low + 1, MostBars), MostBars));
        int from = FloorDivide(low, group), to = FloorDivide(high, group);
        long before = 0, behind = 0;
        long[] counts = new long[to - from + 1];
        foreach (var (bin, count) in bins)
        {
            int bar = FloorDivide(bin, group);
            if (bar < from) before += count;
            else if (bar > to) behind += count;
            else counts[bar - from] += count;
        }

        var bars = new List<HistogramBar>();
        if (before > 0) bars.Add(new HistogramBar(Least, from * group * width, before, IsTail: true));
        bars.AddRange(counts.Select((count, i) => new HistogramBar((from + i) * group * width, (from + i + 1) * group * width, count)));
        if (behind > 0) bars.Add(new HistogramBar((to + 1) * group * width, Most, behind, IsTail: true));
        return bars;
    }

    /// <summary>Returns the bin of the value at this rank, counted from 0 in ascending order.</summary>
    private int BinAt(long rank)
    {
        foreach (var (bin, count) in bins)
        {
            if (rank < count) return bin;
            rank -= count;
        }

        return bins.Keys.Last();
    }

    private static int FloorDivide(int value, int by) => (value - (((value % by) + by) % by)) / by;
}

/// <summary>A bar of a histogram: the number of values from <paramref name="From"/> to below <paramref name="To"/>.</summary>
/// <param name="From">The lower bound.</param>
/// <param name="To">The upper bound.</param>
/// <param name="Count">The number of values in it.</param>
/// <param name="IsTail">Whether it counts all values far beyond the other bars; it is drawn as wide as they are.</param>
internal readonly record struct HistogramBar(double From, double To, long Count, bool IsTail = false);
