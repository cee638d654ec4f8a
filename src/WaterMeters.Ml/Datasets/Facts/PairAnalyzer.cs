using System.Collections.Concurrent;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>Measures pairs. Thread-safe: each call takes buffers from a pool and returns them.</summary>
internal sealed class PairAnalyzer
{
    private readonly ConcurrentBag<(PhotoAnalyzer Photos, MaskAnalyzer Masks)> free = [];

    /// <summary>Measures a pair. If a file cannot be read, the result has the error message.</summary>
    public PairFacts Measure(SamplePair pair)
    {
        if (!free.TryTake(out var analyzers)) analyzers = (new PhotoAnalyzer(), new MaskAnalyzer());
        try
        {
            var (photo, photoFault) = Try(analyzers.Photos.Measure, pair.ImagePath);
            var (mask, maskFault) = Try(analyzers.Masks.Measure, pair.MaskPath);
            return new PairFacts(pair, photo, photoFault, mask, maskFault);
        }
        finally
        {
            free.Add(analyzers);
        }
    }

    private static (T? Facts, string? Fault) Try<T>(Func<string, T> measure, string path)
        where T : class
    {
        try
        {
            return (measure(path), null);
        }
        catch (PhotoException e)
        {
            return (null, e.Message);
        }
    }
}
