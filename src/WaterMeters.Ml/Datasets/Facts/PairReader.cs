using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>Reads the facts of the pairs of data sets from the cache, or measures the pairs on all cores.</summary>
/// <param name="cacheFolder">The folder of all caches; null for no cache.</param>
internal sealed class PairReader(string? cacheFolder)
{
    private readonly PairAnalyzer analyzer = new();

    /// <summary>Returns the facts of each pair, in order. The cache is written even if the enumeration ends early.</summary>
    /// <param name="listing">The data set.</param>
    /// <param name="verbose">Called with the number of measured pairs, and with the reason if the cache cannot be written.</param>
    /// <param name="cancellation">Cancels between two pairs.</param>
    public IEnumerable<PairFacts> Read(DatasetListing listing, Action<string>? verbose, CancellationToken cancellation)
    {
        var cache = new FactsCache(cacheFolder, listing.DataPath);
        int count = 0;
        try
        {
            var all = Prefetch.InOrder(
                listing.Pairs, Environment.ProcessorCount, pair => cache.GetOrMeasure(pair, analyzer.Measure), cancellation);
            foreach (var facts in all)
            {
                count++;
                yield return facts;
            }
        }
        finally
        {
            cache.Write(!listing.IsPartial && count == listing.Pairs.Count, verbose);
        }
    }
}
