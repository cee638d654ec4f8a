using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>All pairs of a data set with their hashes and parts, as training and measuring need them.</summary>
public sealed class DatasetContents
{
    private bool filesChecked;

    private DatasetContents(string dataPath, IReadOnlyList<HashedPair> pairs, IReadOnlyList<string> warnings) =>
        (DataPath, Pairs, Warnings) = (dataPath, pairs, warnings);

    /// <summary>The folder.</summary>
    public string DataPath { get; }

    /// <summary>The pairs, by name.</summary>
    public IReadOnlyList<HashedPair> Pairs { get; }

    /// <summary>What the user should know of the split, in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Digest over the photos' hashes.</summary>
    public string Digest => FileHash.Combine(Pairs.Select(p => p.Hash));

    /// <summary>Digest over the photos' hashes and parts.</summary>
    public string SplitDigest => FileHash.Combine(Pairs.Select(p => DigestLine(p.Hash, p.Split)));

    /// <summary>What goes into <see cref="SplitDigest"/> of one photo.</summary>
    internal static string DigestLine(string hash, DatasetSplit split) => $"{hash} {split}";

    /// <summary>The pairs of one part.</summary>
    public IReadOnlyList<HashedPair> Part(DatasetSplit split) => [.. Pairs.Where(p => p.Split == split)];

    /// <summary>Reads the headers of all photos and masks, once, so that long work does not end at its last photo.</summary>
    /// <param name="cancellation">Stops between two files.</param>
    /// <exception cref="DatasetException">Some cannot be read; it names the first.</exception>
    public void CheckFiles(CancellationToken cancellation)
    {
        if (filesChecked) return;
        var bad = Pairs.AsParallel().AsOrdered().WithCancellation(cancellation)
            .SelectMany(p => new[] { p.Pair.ImagePath, p.Pair.MaskPath })
            .Select(HeaderFault).Where(fault => fault is not null).ToList();
        if (bad.Count > 0) throw new DatasetException(DataPath, $"{bad.Count} files of '{DataPath}' cannot be read. {bad[0]} See Test-WmsDataset '{DataPath}' -PerFinding for all of them.");
        filesChecked = true;
    }

    /// <summary>Makes sure that there are photos to learn from and photos to choose the best epoch by.</summary>
    /// <exception cref="DatasetException">There are none of either.</exception>
    public void EnsureTrainable()
    {
        int training = Part(DatasetSplit.Train).Count, validation = Part(DatasetSplit.Validation).Count;
        if (training > 0 && validation > 0) return;
        throw new DatasetException(DataPath, $"'{DataPath}' gives {training} photos to train on and {validation} to validate by; both need at least one. Add photos, or name others with -SplitPath.");
    }

    private static string? HeaderFault(string path)
    {
        try
        {
            ImageReader.ReadHeader(path);
            return null;
        }
        catch (PhotoException e)
        {
            return e.Message;
        }
    }

    /// <summary>Lists and hashes a data set.</summary>
    /// <param name="dataPath">Its folder.</param>
    /// <param name="splitPath">A split file, or null for what is stored beside the data.</param>
    /// <param name="cancellation">Stops the hashing.</param>
    /// <exception cref="DatasetException">The folder or the split file cannot be used, or there is no pair.</exception>
    public static DatasetContents Read(string dataPath, string? splitPath, CancellationToken cancellation)
    {
        var listing = DatasetListing.Read(dataPath);
        var rule = SplitRule.For(dataPath, splitPath);
        if (listing.Pairs.Count == 0)
        {
            throw new DatasetException(dataPath, $"'{dataPath}' holds {listing.ImageCount} photos and {listing.MaskCount} masks, but no pair of the same name. See Test-WmsDataset '{dataPath}' -PerFinding.");
        }

        var hashed = new HashedPair[listing.Pairs.Count];
        try
        {
            Parallel.For(0, hashed.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
            {
                var pair = listing.Pairs[i];
                string hash = FileHash.Compute(pair.ImagePath);
                hashed[i] = new HashedPair(pair, hash, rule.Assign(hash, pair.Name)) { Others = rule.LinkedHashes(hash) };
            });
        }
        catch (AggregateException e)
        {
            throw e.InnerExceptions[0];
        }

        string[] unused = rule.Unmatched(hashed);
        string[] warnings = unused.Length == 0 ? [] : [$"{unused.Length} of the photos that '{splitPath}' names are not in '{dataPath}', '{unused[0]}' the first. It takes names without extension, or SHA-256 hashes."];
        return new DatasetContents(dataPath, hashed, warnings);
    }
}
