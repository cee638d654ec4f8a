using System.Collections.Concurrent;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Training;

/// <summary>
/// Photos and masks of a data set at one size, kept in memory up to a limit and read again beyond it. Thread-safe.
/// </summary>
/// <param name="pairs">The pairs.</param>
/// <param name="size">Edge of the square, pixels.</param>
/// <param name="normalized">Whether the planes are fully preprocessed; if not, they are only resized.</param>
/// <param name="cacheBytes">Limit for the planes and masks kept in memory, bytes.</param>
internal sealed class PlaneStore(IReadOnlyList<HashedPair> pairs, int size, bool normalized, long cacheBytes)
{
    /// <summary>Edge of the square, pixels.</summary>
    public int Size => size;

    private readonly SquarePhoto?[] kept = new SquarePhoto?[pairs.Count];
    private readonly ConcurrentBag<Preprocessor> preprocessors = [];
    private readonly ConcurrentBag<SquarePhoto> free = [];
    private long keptBytes;

    /// <summary>Returns the photo at this index of the pairs; dispose it after use.</summary>
    /// <exception cref="PhotoException">The photo or the mask cannot be read, or their sizes differ.</exception>
    public SquarePhoto Get(int index)
    {
        if (kept[index] is { } cached) return cached;
        var photo = Read(pairs[index].Pair);
        if (Interlocked.Add(ref keptBytes, photo.Bytes) <= cacheBytes)
        {
            photo.Keep();
            kept[index] = photo;
        }
        else
        {
            Interlocked.Add(ref keptBytes, -photo.Bytes);
        }

        return photo;
    }

    /// <summary>Returns arrays for a photo at this size; dispose them after use. They still hold the values of their last use.</summary>
    public SquarePhoto Borrow() => SquarePhoto.Borrow(free, size);

    /// <summary>Normalizes planes that were only resized, in place.</summary>
    public void Normalize(Span<byte> planes)
    {
        var preprocessor = TakePreprocessor();
        preprocessor.Normalize(planes);
        preprocessors.Add(preprocessor);
    }

    private SquarePhoto Read(SamplePair pair)
    {
        var square = Borrow();
        var preprocessor = TakePreprocessor();
        try
        {
            using var decoded = DecodedPair.Read(pair);
            preprocessor.Resize(decoded.Photo, square.Planes);
            if (normalized) preprocessor.Normalize(square.Planes);
            Preprocessor.ResizeMask(decoded.Mask, size, square.Mask);
            return square;
        }
        catch
        {
            square.Dispose();
            throw;
        }
        finally
        {
            preprocessors.Add(preprocessor);
        }
    }

    private Preprocessor TakePreprocessor() => preprocessors.TryTake(out var preprocessor) ? preprocessor : new Preprocessor(size);
}
