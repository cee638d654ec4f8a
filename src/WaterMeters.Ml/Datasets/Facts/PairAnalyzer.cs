using System.Collections.Concurrent;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>Measures pairs, on any number of threads: each takes scratch memory of its own and puts it back.</summary>
internal sealed class PairAnalyzer
{
    private readonly ConcurrentBag<(PhotoAnalyzer Photos, MaskAnalyzer Masks)> free = [];

    /// <summary>Measures a pair; a file that cannot be read is a fault of the result.</summary>
    public PairFacts Measure(SamplePair pair)
    {
        if (!free.TryTake(out var meters)) meters = (new PhotoAnalyzer(), new MaskAnalyzer());
        try
        {
            var (photo, photoFault) = Try(meters.Photos.Measure, pair.ImagePath);
            var (mask, maskFault) = Try(meters.Masks.Measure, pair.MaskPath);
            return new PairFacts(pair, photo, photoFault, mask, maskFault);
        }
        finally
        {
            free.Add(meters);
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
