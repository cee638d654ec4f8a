using System.Collections.Concurrent;
using WaterMeters.Ml.Foundation;

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
            return new PairFacts(pair, photo, photoFault, mask, maskFault is null ? null : OfMask(maskFault));
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
            return (null, LfsPointer.IsPointer(path) ? LfsPointer.Message(path) : e.Message);
        }
    }

    /// <summary>
    /// Returns the message of a mask that cannot be read. The reader's advice is that for a photo; a mask is made by a program, not taken.
    /// </summary>
    private static string OfMask(string message)
    {
        string[] ofPhotos = [" Copy it again from its source", " Save it as JPEG or PNG"];
        int at = ofPhotos.Select(advice => message.LastIndexOf(advice, StringComparison.Ordinal)).Max();
        return at < 0 ? message : message[..at] + " Save the mask again as a PNG, or remove the pair.";
    }
}
