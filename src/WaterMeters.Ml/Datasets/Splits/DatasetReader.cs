using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>Reads what is known of the pairs of a data set: sizes, coverage, hash, part.</summary>
public static class DatasetReader
{
    /// <summary>Reads the pairs of a data set in their order, several at once.</summary>
    /// <param name="dataPath">The folder.</param>
    /// <param name="rule">Gives each photo its part.</param>
    /// <param name="cancellation">Stops between two pairs.</param>
    /// <returns>A sample or, for a pair that cannot be read, why.</returns>
    /// <exception cref="DatasetException">The folder cannot be used.</exception>
    public static IEnumerable<(DatasetSample? Sample, PhotoException? Failure)> ReadAll(string dataPath, SplitRule rule, CancellationToken cancellation) =>
        Prefetch.InOrder(DatasetListing.Read(dataPath).Pairs, Environment.ProcessorCount, pair => Try(pair, rule), cancellation);

    /// <summary>Reads one pair.</summary>
    /// <exception cref="PhotoException">The photo or the mask cannot be read.</exception>
    public static DatasetSample Read(SamplePair pair, SplitRule rule)
    {
        var header = ImageReader.ReadHeader(pair.ImagePath);
        string hash = FileHash.Compute(pair.ImagePath);
        using var mask = ImageReader.ReadMask(pair.MaskPath);
        int meter = 0;
        foreach (byte value in mask.Pixels)
        {
            if (value >= Preprocessor.ForegroundThreshold) meter++;
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
            Coverage = (double)meter / mask.Pixels.Length,
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
