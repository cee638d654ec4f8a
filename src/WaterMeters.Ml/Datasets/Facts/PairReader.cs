using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>Looks at the pairs of data sets, on all cores, or knows from the cache what they showed before.</summary>
/// <param name="cacheFolder">Where is kept what was seen; null for nowhere, and every pair is looked at.</param>
internal sealed class PairReader(string? cacheFolder)
{
    private readonly PairAnalyzer meter = new();

    /// <summary>What each pair shows, in their order; however it ends, what was seen is kept.</summary>
    /// <param name="listing">The data set.</param>
    /// <param name="tell">Hears how many pairs were looked at, and why that cannot be kept.</param>
    /// <param name="cancellation">Stops between two pairs.</param>
    public IEnumerable<PairFacts> Read(DatasetListing listing, Action<string>? tell, CancellationToken cancellation)
    {
        var cache = new FactsCache(cacheFolder, listing.DataPath);
        int seen = 0;
        try
        {
            foreach (var facts in Prefetch.InOrder(listing.Pairs, Environment.ProcessorCount, pair => cache.Look(pair, meter.Measure), cancellation))
            {
                seen++;
                yield return facts;
            }
        }
        finally
        {
            cache.Write(seen == listing.Pairs.Count, tell);
        }
    }
}
