using System.Diagnostics;
using System.Globalization;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>
/// Checks data sets. Each pair is read once, on all cores, and reduced to a few kilobytes of facts. All checks, of a pair and of the whole
/// data set, are computed from these, so a data set may be far larger than memory.
/// </summary>
/// <param name="settings">The severity of each check; null for the defaults.</param>
/// <param name="splitPath">A split file with precedence over the stored split; null for none.</param>
/// <param name="reviewer">Compares the masks with those of a model; null for none.</param>
/// <param name="cacheFolder">The folder of all caches; null for no cache.</param>
public sealed class DatasetInspector(
    CheckSettings? settings = null, string? splitPath = null, IMaskReviewer? reviewer = null, string? cacheFolder = null)
{
    private readonly CheckSettings settings = settings ?? CheckSettings.Default;
    private readonly FindingCollector findings = new(settings ?? CheckSettings.Default);
    private readonly PairReader reader = new(cacheFolder);
    private readonly List<string> dataPaths = [];
    private readonly List<double> coverages = [];
    private readonly Dictionary<string, int> resolutions = new(StringComparer.Ordinal);
    private readonly long started = Stopwatch.GetTimestamp();
    private int images, masks, validPairs;

    /// <summary>The distributions of the photos and masks checked so far.</summary>
    public DatasetStatistics Statistics { get; } = new();

    /// <summary>A split file with precedence over the stored split of the next data set; null for none.</summary>
    public string? SplitPath { get; set; } = splitPath;

    /// <summary>Checks one data set, or some pairs of it, and adds the findings to the report.</summary>
    /// <param name="dataPath">The folder.</param>
    /// <param name="progress">Called with the number of pairs done and the total.</param>
    /// <param name="cancellation">Cancels between two pairs.</param>
    /// <param name="warn">Called with warnings about the check itself.</param>
    /// <param name="verbose">Called with verbose messages.</param>
    /// <param name="files">
    /// Photos and masks of the data set: only their pairs are checked, and nothing that needs all pairs; null for the whole data set.
    /// </param>
    /// <exception cref="DatasetException">The split file cannot be used.</exception>
    public void Inspect(
        string dataPath,
        Action<int, int>? progress,
        CancellationToken cancellation,
        Action<string>? warn = null,
        Action<string>? verbose = null,
        IReadOnlyCollection<string>? files = null)
    {
        dataPaths.Add(dataPath);
        var rule = SplitRule.For(ReadStore(dataPath), SplitPath);
        DatasetListing listing;
        try
        {
            listing = DatasetListing.Read(dataPath);
            if (files is not null) listing = listing.Only(files);
        }
        catch (DatasetException e)
        {
            findings.Add(DatasetCheck.NoDataset, "", e.Path, e.Message);
            return;
        }

        images += listing.ImageCount;
        masks += listing.MaskCount;
        InspectListing(listing, warn);
        InspectPairs(listing, rule, progress, warn, verbose, cancellation);
    }

    /// <summary>Returns the report of all folders. If no folder was checked, it fails.</summary>
    public DatasetReport Report()
    {
        if (dataPaths.Count == 0)
        {
            findings.Add(DatasetCheck.NoDataset, "", "", "No data set was given, so nothing was checked. Name a folder with -Path.");
        }

        coverages.Sort();
        double mean = coverages.Count == 0 ? 0 : coverages.Average();
        int errors = findings.Findings.Count(f => f.Severity == FindingSeverity.Error);
        return new DatasetReport
        {
            Status = errors > 0 ? DatasetStatus.Fail : DatasetStatus.Pass,
            DataPath = string.Join(Path.PathSeparator, dataPaths),
            ImageCount = images,
            MaskCount = masks,
            ValidPairs = validPairs,
            ErrorCount = errors,
            WarningCount = findings.Findings.Count - errors,
            Findings = new FindingList([.. findings.Findings]),
            Resolution = resolutions.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal)
                .Select(r => r.Key).FirstOrDefault(),
            MedianCoverage = coverages.Count == 0 ? null : (coverages[(coverages.Count - 1) / 2] + coverages[coverages.Count / 2]) / 2,
            StdCoverage = coverages.Count == 0 ? null : Math.Sqrt(coverages.Average(c => (c - mean) * (c - mean))),
            Duration = Stopwatch.GetElapsedTime(started),
        };
    }

    private SplitStore ReadStore(string dataPath)
    {
        try
        {
            return SplitStore.Read(dataPath);
        }
        catch (DatasetException e)
        {
            findings.Add(DatasetCheck.SplitUnreadable, "", e.Path, e.Message);
            return SplitStore.Empty;
        }
    }

    private void InspectListing(DatasetListing listing, Action<string>? warn)
    {
        string dataPath = listing.DataPath;
        if (listing.ImageCount == 0 && !listing.IsPartial)
        {
            findings.Add(
                DatasetCheck.NoPhotos,
                "",
                dataPath,
                $"The folder 'images' of '{dataPath}' contains no photo. Put .jpg, .jpeg, .jfif, .png or .webp files into it.");
        }

        foreach (var folder in listing.IsPartial ? [] : new[] { listing.ImageFolder, listing.MaskFolder })
        {
            if (folder.HiddenText is { } hidden) warn?.Invoke(hidden);
            if (folder.OtherFormatsText is { } others) findings.Add(DatasetCheck.OtherFormat, "", folder.Path, others);
        }

        foreach (string photo in listing.PhotosWithoutMask)
        {
            Add(DatasetCheck.PhotoWithoutMask, photo, Unpaired(photo, listing.MaskFolder, "mask", "masks", "photo"));
        }

        foreach (string mask in listing.MasksWithoutPhoto)
        {
            Add(DatasetCheck.MaskWithoutPhoto, mask, Unpaired(mask, listing.ImageFolder, "photo", "images", "mask"));
        }

        foreach (var group in listing.DuplicateNames)
        {
            string files = string.Join(", ", group.Select(file => $"'{Path.GetFileName(file)}'"));
            Add(
                DatasetCheck.DuplicateName,
                group[1],
                $"The files {files} have the same name without extension, so only the first is paired. "
                    + "Rename the others, with their masks or photos.");
        }

        void Add(DatasetCheck check, string path, string message) =>
            findings.Add(check, Path.GetFileNameWithoutExtension(path), path, message);

        static string Unpaired(string path, PhotoFolder others, string missing, string folder, string present) =>
            others.OtherFormatOf(path) is { } other
                ? $"Its {missing} '{Path.GetFileName(other)}' is of a format that is not read. Save it as JPEG or PNG."
                : $"There is no {missing} of the same name in '{folder}'. Add the {missing}, or remove the {present}.";
    }

    private void InspectPairs(
        DatasetListing listing,
        SplitRule rule,
        Action<int, int>? progress,
        Action<string>? warn,
        Action<string>? verbose,
        CancellationToken cancellation)
    {
        var pairs = listing.Pairs;
        var read = new List<PairFacts>(pairs.Count);
        var faulty = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var facts in reader.Read(listing, verbose, cancellation))
        {
            Add(PairChecks.Run(facts));
            Statistics.Add(facts);
            if (facts.Mask is { } mask) coverages.Add(mask.Coverage);
            if (facts.Photo is { } photo)
            {
                string resolution = string.Create(CultureInfo.InvariantCulture, $"{photo.Header.Width}x{photo.Header.Height}");
                resolutions[resolution] = resolutions.GetValueOrDefault(resolution) + 1;
            }

            read.Add(facts);
            progress?.Invoke(read.Count, pairs.Count);
        }

        Add(SplitChecks.Run(read, rule));
        if (!listing.IsPartial)
        {
            // What these three say of a pair depends on all others.
            Add(OrientationChecks.Run(read));
            Add(MaskOutliers.Run(read));
            Add(PartChecks.Run(listing.DataPath, read, rule));
        }

        Add(new DuplicateChecks(read, rule, settings).Find(cancellation));
        if (reviewer is not null && settings.IsEnabled(DatasetCheck.MaskSuspect))
        {
            Add(reviewer.Review(read, rule, progress, warn, cancellation));
        }

        validPairs += pairs.Count - faulty.Count;

        void Add(IEnumerable<CheckResult> results)
        {
            foreach (var result in results)
            {
                if (findings.Add(result)) faulty.Add(result.Name);
            }
        }
    }
}
