using System.Diagnostics;

namespace WaterMeters.Ml.Datasets;

/// <summary>Looks a data set over: pairs, readable files, equal sizes, masks that are masks.</summary>
/// <param name="strict">Whether a JPEG mask that could be repaired is an error, as it was in the seed system.</param>
public sealed class DatasetInspector(bool strict)
{
    private readonly List<DatasetFinding> findings = [];
    private readonly List<string> dataPaths = [];
    private readonly List<double> coverages = [];
    private readonly Dictionary<string, int> resolutions = new(StringComparer.Ordinal);
    private readonly long started = Stopwatch.GetTimestamp();
    private int images, masks, validPairs;

    /// <summary>Looks one folder over; what it finds joins what was found before.</summary>
    /// <param name="dataPath">The folder.</param>
    /// <param name="checkedPairs">Hears how many pairs are done, of how many.</param>
    /// <param name="cancellation">Stops between two pairs.</param>
    public void Inspect(string dataPath, Action<int, int>? checkedPairs, CancellationToken cancellation)
    {
        dataPaths.Add(dataPath);
        DatasetListing listing;
        try
        {
            listing = DatasetListing.Read(dataPath);
        }
        catch (DatasetException e)
        {
            Add(DatasetCheck.NoDataset, FindingSeverity.Error, "", e.Path, e.Message);
            return;
        }

        images += listing.ImageCount;
        masks += listing.MaskCount;
        if (listing.ImageCount == 0) Add(DatasetCheck.NoPhotos, FindingSeverity.Error, "", dataPath, $"'{dataPath}' holds no photo in 'images' (.jpg, .jpeg, .png).");
        foreach (string photo in listing.PhotosWithoutMask)
        {
            Add(DatasetCheck.PhotoWithoutMask, FindingSeverity.Error, photo, $"There is no mask of the same name in 'masks'. Add it, or take the photo out.");
        }

        foreach (string mask in listing.MasksWithoutPhoto)
        {
            Add(DatasetCheck.MaskWithoutPhoto, FindingSeverity.Error, mask, $"There is no photo of the same name in 'images'. Add it, or take the mask out.");
        }

        foreach (var group in listing.DuplicateNames)
        {
            Add(DatasetCheck.DuplicateName, FindingSeverity.Error, group[1], $"{string.Join(" and ", group.Select(Path.GetFileName))} share one name, so only the first can be paired. Rename one, and its mask with it.");
        }

        InspectPairs(listing.Pairs, checkedPairs, cancellation);
    }

    /// <summary>The report over everything that was looked over. Nothing at all is a failure.</summary>
    public DatasetReport Report()
    {
        if (dataPaths.Count == 0) Add(DatasetCheck.NoDataset, FindingSeverity.Error, "", "", "No data set was named, so nothing was checked. Name a folder with -Path.");
        coverages.Sort();
        double mean = coverages.Count == 0 ? 0 : coverages.Average();
        return new DatasetReport
        {
            Status = findings.Any(f => f.Severity == FindingSeverity.Error) ? DatasetStatus.Fail : DatasetStatus.Pass,
            DataPath = string.Join(Path.PathSeparator, dataPaths),
            ImageCount = images,
            MaskCount = masks,
            ValidPairs = validPairs,
            ErrorCount = findings.Count(f => f.Severity == FindingSeverity.Error),
            WarningCount = findings.Count(f => f.Severity == FindingSeverity.Warning),
            Findings = new FindingList([.. findings]),
            Resolution = resolutions.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Key).FirstOrDefault(),
            MedianCoverage = coverages.Count == 0 ? 0 : (coverages[(coverages.Count - 1) / 2] + coverages[coverages.Count / 2]) / 2,
            StdCoverage = coverages.Count == 0 ? 0 : Math.Sqrt(coverages.Average(c => (c - mean) * (c - mean))),
            Duration = Stopwatch.GetElapsedTime(started),
        };
    }

    private void InspectPairs(IReadOnlyList<SamplePair> pairs, Action<int, int>? checkedPairs, CancellationToken cancellation)
    {
        int done = 0;
        foreach (var result in Prefetch.InOrder(pairs, Environment.ProcessorCount, pair => PairInspection.Of(pair, strict), cancellation))
        {
            findings.AddRange(result.Findings);
            if (result.Coverage is { } coverage) coverages.Add(coverage);
            if (result.Resolution is { } resolution) resolutions[resolution] = resolutions.GetValueOrDefault(resolution) + 1;
            if (result.Findings.All(f => f.Severity != FindingSeverity.Error)) validPairs++;
            checkedPairs?.Invoke(++done, pairs.Count);
        }
    }

    private void Add(DatasetCheck check, FindingSeverity severity, string path, string message) =>
        Add(check, severity, Path.GetFileNameWithoutExtension(path), path, message);

    private void Add(DatasetCheck check, FindingSeverity severity, string name, string path, string message) =>
        findings.Add(new DatasetFinding { Check = check.ToString(), Severity = severity, Name = name, Path = path, Message = message });
}
