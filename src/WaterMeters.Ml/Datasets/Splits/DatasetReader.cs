using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>Reads the properties of pairs: sizes, coverage, hash and part.</summary>
public static class DatasetReader
{
    /// <summary>Reads the pairs of a data set in order, several in parallel.</summary>
    /// <param name="dataPath">The folder.</param>
    /// <param name="rule">Assigns each photo to a part.</param>
    /// <param name="cancellation">Cancels between two pairs.</param>
    /// <returns>A sample, or the error of a pair that cannot be read.</returns>
    /// <exception cref="DatasetException">The folder cannot be used.</exception>
    public static IEnumerable<(DatasetSample? Sample, PhotoException? Failure)> ReadAll(
        string dataPath, SplitRule rule, CancellationToken cancellation) =>
        Prefetch.InOrder(DatasetListing.Read(dataPath).Pairs, Environment.ProcessorCount, pair => Try(pair, rule), cancellation);

    /// <summary>Reads one pair.</summary>
    /// <exception cref="PhotoException">The photo or the mask cannot be read.</exception>
    public static DatasetSample Read(SamplePair pair, SplitRule rule)
    {
        var header = ImageReader.ReadHeader(pair.ImagePath);
        string hash = FileHash.Compute(pair.ImagePath);
        using var mask = ImageReader.ReadMask(pair.MaskPath);
        int foregroundPixels = 0;
        foreach (byte value in mask.Pixels)
        {
            if (value >= Preprocessor.ForegroundThreshold) foregroundPixels++;
        }

        return new DatasetSample
        {
            Name = pair.Name,
            ImagePath = pair.ImagePath,
            MaskPath = pair.MaskPath,
            Width = header.Width,
            Height = header.Height,
            MaskWidth = mask.Width,
            MaskHeight = mask.Height,
            Coverage = (double)foregroundPixels / mask.Pixels.Length,
            Split = rule.Assign(hash, pair.Name),
            Hash = hash,
        };
    }

    private static (DatasetSample? Sample, PhotoException? Failure) Try(SamplePair pair, SplitRule rule)
    {
        try
        {
            return (Read(pair, rule), null);
        }
        catch (PhotoException e)
        {
            return (null, e);
        }
    }
}
