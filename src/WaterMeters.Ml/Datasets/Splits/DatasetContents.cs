using System.Collections.Concurrent;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>All pairs of a data set with their hashes and parts, for training and evaluation.</summary>
public sealed class DatasetContents
{
    private bool filesChecked;

    private DatasetContents(string dataPath, IReadOnlyList<HashedPair> pairs, IReadOnlyList<string> warnings) =>
        (DataPath, Pairs, Warnings) = (dataPath, pairs, warnings);

    /// <summary>The folder.</summary>
    public string DataPath { get; }

    /// <summary>The pairs, by name.</summary>
    public IReadOnlyList<HashedPair> Pairs { get; }

    /// <summary>Warnings about the split and about files that were left out, in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Digest of the photos' hashes.</summary>
    public string Digest => FileHash.Combine(Pairs.Select(p => p.Hash));

    /// <summary>Digest of the photos' hashes and parts.</summary>
    public string SplitDigest => FileHash.Combine(Pairs.Select(p => DigestLine(p.Hash, p.Split)));

    /// <summary>Returns the line of one photo that goes into <see cref="SplitDigest"/>.</summary>
    internal static string DigestLine(string hash, DatasetSplit split) => $"{hash} {split}";

    /// <summary>Returns the pairs of one part.</summary>
    public IReadOnlyList<HashedPair> Part(DatasetSplit split) => [.. Pairs.Where(p => p.Split == split)];

    /// <summary>Reads the headers of all photos and masks, once, so that a long run does not fail at its last photo.</summary>
    /// <param name="cancellation">Cancels between two files.</param>
    /// <exception cref="DatasetException">Files cannot be read; the message names the first.</exception>
    public void CheckFiles(CancellationToken cancellation)
    {
        if (filesChecked) return;
        var bad = Pairs.AsParallel().AsOrdered().WithCancellation(cancellation)
            .SelectMany(p => new[] { p.Pair.ImagePath, p.Pair.MaskPath })
            .Select(HeaderFault).Where(fault => fault is not null).ToList();
        if (bad.Count > 0)
        {
            throw new DatasetException(
                DataPath,
                $"Cannot read all files of '{DataPath}'; unreadable: {bad.Count}. "
                    + $"{bad[0]} Run Test-WmsDataset '{DataPath}' -PerFinding to list them all.");
        }

        filesChecked = true;
    }

    /// <summary>Checks that there are photos for training and for validation.</summary>
    /// <exception cref="DatasetException">One of the two parts is empty.</exception>
    public void EnsureTrainable()
    {
        int training = Part(DatasetSplit.Train).Count, validation = Part(DatasetSplit.Validation).Count;
        if (training > 0 && validation > 0) return;
        throw new DatasetException(
            DataPath,
            $"Cannot train on '{DataPath}': it has {training} training and {validation} validation photos, and needs at least one of each. "
                + "Add photos, or assign some with -SplitPath.");
    }

    /// <summary>
    /// Checks that at least one mask has a window. Otherwise a training learns to find nothing, and a measurement of it looks perfect.
    /// </summary>
    /// <param name="pairs">The pairs to train or measure on; their masks are read up to the first with a window.</param>
    /// <param name="what">What the pairs are, such as <c>the Train part</c>.</param>
    /// <param name="cancellation">Cancels between two masks.</param>
    /// <exception cref="DatasetException">Masks were read, and none has foreground.</exception>
    public void EnsureWindow(IReadOnlyList<HashedPair> pairs, string what, CancellationToken cancellation)
    {
        int read = 0;
        foreach (var pair in pairs)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using var mask = ImageReader.ReadMask(pair.Pair.MaskPath);
                read++;
                if (mask.Pixels.ContainsAnyInRange(Preprocessor.ForegroundThreshold, byte.MaxValue)) return;
            }
            catch (PhotoException)
            {
                // Reported where it is used.
            }
        }

        if (read == 0) return;
        throw new DatasetException(
            DataPath,
            $"No mask of {what} of '{DataPath}' has a window: none has a value of 127 or more. If the masks hold label numbers such as "
                + $"0 and 1, run Repair-WmsDataset '{DataPath}'; Test-WmsDataset '{DataPath}' -PerFinding lists the masks.");
    }

    /// <summary>Returns the hash of a pair's photo, and notes files with damaged pixels. Unreadable files are reported later.</summary>
    private static string ReadFiles(SamplePair pair, ConcurrentBag<string> flawed)
    {
        string? hash = null;
        Read(pair.ImagePath, file => hash = FileHash.ComputeBytes(file));
        Read(pair.MaskPath, _ => { });
        return hash ?? FileHash.Compute(pair.ImagePath);

        void Read(string path, Action<ReadOnlySpan<byte>> use)
        {
            try
            {
                var flaws = ImageReader.ReadFile(path, (file, _) => use(file)) & (ImageFlaws.DamagedPixels | ImageFlaws.DarkSixteenBit);
                if (path == pair.MaskPath) flaws &= ImageFlaws.DamagedPixels;
                if (ImageFlawText.Describe(path, flaws) is { } text) flawed.Add(text);
            }
            catch (PhotoException)
            {
                // CheckFiles names it.
            }
        }
    }

    private static IEnumerable<string> Describe(ConcurrentBag<string> flawed, string dataPath)
    {
        string[] texts = [.. flawed.Order(StringComparer.Ordinal)];
        if (texts.Length == 0) yield break;
        string more = texts.Length == 1 ? ""
            : $" {texts.Length} files have such flaws; run Test-WmsDataset '{dataPath}' -PerFinding to list them.";
        yield return texts[0] + more;
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
    /// <param name="dataPath">The folder.</param>
    /// <param name="splitPath">A split file; null for the stored split.</param>
    /// <param name="cancellation">Cancels the hashing.</param>
    /// <exception cref="DatasetException">The folder or the split file cannot be used, or the data set has no pair.</exception>
    public static DatasetContents Read(string dataPath, string? splitPath, CancellationToken cancellation)
    {
        var listing = DatasetListing.Read(dataPath);
        var rule = SplitRule.For(dataPath, splitPath);
        if (listing.Pairs.Count == 0) throw listing.NoPairs();

        var hashed = new HashedPair[listing.Pairs.Count];
        var flawed = new ConcurrentBag<string>();
        try
        {
            Parallel.For(0, hashed.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
            {
                var pair = listing.Pairs[i];
                string hash = ReadFiles(pair, flawed);
                hashed[i] = new HashedPair(pair, hash, rule.Assign(hash, pair.Name)) { Others = rule.LinkedHashes(hash) };
            });
        }
        catch (AggregateException e)
        {
            throw e.InnerExceptions[0];
        }

        string[] unmatched = rule.Unmatched(hashed);
        string[] warnings = unmatched.Length == 0
            ? []
            :
            [
                $"Entries of '{splitPath}' that match no photo in '{dataPath}': {unmatched.Length}, such as '{unmatched[0]}'. "
                    + "Use names without extension or SHA-256 hashes.",
            ];
        return new DatasetContents(dataPath, hashed, [.. listing.LeftOut, .. Describe(flawed, dataPath), .. warnings]);
    }
}
