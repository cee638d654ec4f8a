using System.Diagnostics;
using System.Globalization;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>
/// Looks a data set over. Each pair is read once, on all cores, and leaves some kilobytes of facts; the checks of a pair and those of
/// the whole set work on these, so a set may be far larger than memory.
/// </summary>
/// <param name="settings">What each check weighs; null for the defaults.</param>
/// <param name="splitPath">A split file that is heard before what is stored beside the data; null for none.</param>
/// <param name="reviewer">Compares the masks with a model's; null for none.</param>
/// <param name="cacheFolder">Where is kept what was seen, for the next check; null for nowhere, and every pair is looked at.</param>
public sealed class DatasetInspector(CheckSettings? settings = null, string? splitPath = null, IMaskReviewer? reviewer = null, string? cacheFolder = null)
{
    private readonly CheckSettings settings = settings ?? CheckSettings.Default;
    private readonly FindingCollector findings = new(settings ?? CheckSettings.Default);
    private readonly PairReader reader = new(cacheFolder);
    private readonly List<string> dataPaths = [];
    private readonly List<double> coverages = [];
    private readonly Dictionary<string, int> resolutions = new(StringComparer.Ordinal);
    private readonly long started = Stopwatch.GetTimestamp();
    private int images, masks, validPairs;

    /// <summary>How the photos and masks are spread that were looked over so far.</summary>
    public DatasetStatistics Statistics { get; } = new();

    /// <summary>Looks one folder over; what it finds joins what was found before.</summary>
    /// <param name="dataPath">The folder.</param>
    /// <param name="checkedPairs">Hears how many pairs are done, of how many.</param>
    /// <param name="cancellation">Stops between two pairs.</param>
    /// <param name="warn">Hears what the user should know of the check itself.</param>
    /// <param name="tell">Hears what only who looks closely wants to know.</param>
    /// <exception cref="DatasetException">The split file cannot be used.</exception>
    public void Inspect(string dataPath, Action<int, int>? checkedPairs, CancellationToken cancellation, Action<string>? warn = null, Action<string>? tell = null)
    {
        dataPaths.Add(dataPath);
        var rule = SplitRule.For(Stored(dataPath), splitPath);
        DatasetListing listing;
        try
        {
            listing = DatasetListing.Read(dataPath);
        }
        catch (DatasetException e)
        {
            findings.Add(DatasetCheck.NoDataset, "", e.Path, e.Message);
            return;
        }

        images += listing.ImageCount;
        masks += listing.MaskCount;
        InspectListing(listing);
        InspectPairs(listing, rule, checkedPairs, warn, tell, cancellation);
    }

    /// <summary>The report over everything that was looked over. Nothing at all is a failure.</summary>
    public DatasetReport Report()
    {
        if (dataPaths.Count == 0) findings.Add(DatasetCheck.NoDataset, "", "", "No data set was named, so nothing was checked. Name a folder with -Path.");
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
            Resolution = resolutions.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Key).FirstOrDefault(),
            MedianCoverage = coverages.Count == 0 ? 0 : (coverages[(coverages.Count - 1) / 2] + coverages[coverages.Count / 2]) / 2,
            StdCoverage = coverages.Count == 0 ? 0 : Math.Sqrt(coverages.Average(c => (c - mean) * (c - mean))),
            Duration = Stopwatch.GetElapsedTime(started),
        };
    }

    private SplitStore Stored(string dataPath)
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

    private void InspectListing(DatasetListing listing)
    {
        if (listing.ImageCount == 0) findings.Add(DatasetCheck.NoPhotos, "", listing.DataPath, $"'{listing.DataPath}' holds no photo in 'images' (.jpg, .jpeg, .png).");
        foreach (string photo in listing.PhotosWithoutMask) Add(DatasetCheck.PhotoWithoutMask, photo, "There is no mask of the same name in 'masks'. Add it, or take the photo out.");
        foreach (string mask in listing.MasksWithoutPhoto) Add(DatasetCheck.MaskWithoutPhoto, mask, "There is no photo of the same name in 'images'. Add it, or take the mask out.");
        foreach (var group in listing.DuplicateNames)
        {
            Add(DatasetCheck.DuplicateName, group[1], $"{string.Join(" and ", group.Select(Path.GetFileName))} share one name, so only the first can be paired. Rename one, and its mask with it.");
        }

        void Add(DatasetCheck check, string path, string message) => findings.Add(check, Path.GetFileNameWithoutExtension(path), path, message);
    }

    private void InspectPairs(DatasetListing listing, SplitRule rule, Action<int, int>? checkedPairs, Action<string>? warn, Action<string>? tell, CancellationToken cancellation)
    {
        var pairs = listing.Pairs;
        var looked = new List<PairFacts>(pairs.Count);
        var faulty = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var facts in reader.Read(listing, tell, cancellation))
        {
            Add(PairChecks.Run(facts));
            Statistics.Add(facts);
            if (facts.Mask is { } mask) coverages.Add(mask.Coverage);
            if (facts.Photo is { } photo)
            {
                string resolution = string.Create(CultureInfo.InvariantCulture, $"{photo.Header.Width}x{photo.Header.Height}");
                resolutions[resolution] = resolutions.GetValueOrDefault(resolution) + 1;
            }

            looked.Add(facts);
            checkedPairs?.Invoke(looked.Count, pairs.Count);
        }

        Add(SplitChecks.Run(looked, rule));
        Add(OrientationChecks.Run(looked));
        Add(MaskOutliers.Run(looked));
        Add(new DuplicateChecks(looked, rule, settings).Find(cancellation));
        if (reviewer is not null && settings.IsWanted(DatasetCheck.MaskSuspect)) Add(reviewer.Review(looked, rule, checkedPairs, warn, cancellation));
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
