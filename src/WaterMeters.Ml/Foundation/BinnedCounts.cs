namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Counts how many values lie in each of many narrow bins, so that the values themselves need not be kept: a million photos take no more
/// memory than a hundred. One thread at a time.
/// </summary>
/// <param name="width">The width of a bin; bins begin at multiples of it.</param>
internal sealed class BinnedCounts(double width)
{
    private const int MostBars = 24;
    private const int MostBins = 10_000; // to each side of zero; values beyond count as the last one
    private const double TailPart = 0.05;

    private readonly SortedDictionary<int, long> bins = [];

    /// <summary>How many values were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The smallest value, or NaN.</summary>
    public double Least { get; private set; } = double.NaN;

    /// <summary>The largest value, or NaN.</summary>
    public double Most { get; private set; } = double.NaN;

    /// <summary>The middle one of the values, as exact as a bin is wide; NaN without any.</summary>
    public double Median => Count == 0 ? double.NaN : Math.Clamp((BinAt((Count - 1) / 2) + 0.5) * width, Least, Most);

    /// <summary>Counts a value; one that is not finite is passed over.</summary>
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
    /// At most some two dozen bars of a round width over where the values are. Few values that are far from all others would leave no room
    /// for these: they are in a bar of their own at either end, which is a tail. Without values no bars.
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

    /// <summary>The bin of the value that has so many before it.</summary>
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
