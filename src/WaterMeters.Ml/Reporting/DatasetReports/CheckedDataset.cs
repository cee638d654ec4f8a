using System.Globalization;
using System.Text.Json;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>A check of a data set that can be written as a report: its record, its distributions, and when it was made.</summary>
public sealed class CheckedDataset
{
    private CheckedDataset(DatasetReport report, IReadOnlyList<DatasetHistogram>? histograms, DateTimeOffset? made) =>
        (Report, Histograms, Made) = (report, histograms, made);

    /// <summary>The record.</summary>
    public DatasetReport Report { get; }

    /// <summary>The distributions; null when they are unknown.</summary>
    internal IReadOnlyList<DatasetHistogram>? Histograms { get; }

    /// <summary>Time of the check; null when it is unknown.</summary>
    internal DateTimeOffset? Made { get; }

    /// <summary>Returns the check that was just made.</summary>
    public static CheckedDataset Now(DatasetReport report, DatasetStatistics statistics) =>
        new(report, DatasetHistogram.Of(statistics), DateTimeOffset.UtcNow);

    /// <summary>Returns the check of a record from another session, which has no distributions.</summary>
    public static CheckedDataset FromRecord(DatasetReport report) => new(report, null, null);

    /// <summary>Reads a report that Test-WmsDataset wrote as JSON.</summary>
    /// <exception cref="DatasetException">The file cannot be read, or is not such a report.</exception>
    public static CheckedDataset Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            // Read as text: editors and shells on Windows write a byte order mark or UTF-16.
            using var json = JsonDocument.Parse(HeldFile.ReadAllText(path));
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("findings", out var findings)) throw Unusable(path, null);
            return Read(root, findings, path);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Unusable(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"Cannot read the report '{path}': {e.Sentence()} Check the path and its permissions.", e);
        }
    }

    private static CheckedDataset Read(JsonElement root, JsonElement findings, string path)
    {
        List<DatasetFinding> found = [.. findings.EnumerateArray().Select(Finding)];
        int errors = found.Count(finding => finding.Severity == FindingSeverity.Error);
        var statistics = root.GetProperty("statistics");
        var report = new DatasetReport
        {
            Status = root.GetProperty("status").GetString() == "PASS" ? DatasetStatus.Pass : DatasetStatus.Fail,
            DataPath = Text(root, "data_path") ?? Path.GetDirectoryName(path) ?? "",
            ImageCount = root.GetProperty("image_count").GetInt32(),
            MaskCount = root.GetProperty("mask_count").GetInt32(),
            ValidPairs = root.GetProperty("valid_pairs").GetInt32(),
            ErrorCount = errors,
            WarningCount = found.Count - errors,
            Findings = new FindingList(found),
            Resolution = Text(statistics, "resolution"),
            MedianCoverage = statistics.GetProperty("median_coverage_%").GetDouble() / 100,
            StdCoverage = statistics.GetProperty("std_coverage_%").GetDouble() / 100,
            Duration = root.TryGetProperty("seconds", out var seconds) ? TimeSpan.FromSeconds(seconds.GetDouble()) : TimeSpan.Zero,
        };
        DateTimeOffset? made = DateTimeOffset.TryParse(
            Text(root, "checked"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
        return new CheckedDataset(report, root.TryGetProperty("histograms", out var histograms) ? Bars(histograms) : null, made);
    }

    private static DatasetFinding Finding(JsonElement json) => new()
    {
        Check = json.GetProperty("check").GetString() ?? "",
        Severity = json.GetProperty("severity").GetString() == "error" ? FindingSeverity.Error : FindingSeverity.Warning,
        Name = Text(json, "name") ?? "",
        Path = Text(json, "path") ?? "",
        OtherPath = Text(json, "other_path"),
        Message = Text(json, "message") ?? "",
    };

    private static IReadOnlyList<DatasetHistogram> Bars(JsonElement histograms) => DatasetHistogram.Read(
        histograms.EnumerateObject().ToDictionary(measure => measure.Name, measure => Bars([.. measure.Value.EnumerateArray()])));

    /// <summary>Returns the bars of a measure. One at an end that is not as wide as the others is a tail.</summary>
    private static IReadOnlyList<HistogramBar> Bars(JsonElement[] bars)
    {
        var read = bars.Select(bar => new HistogramBar(
            bar.GetProperty("from").GetDouble(), bar.GetProperty("to").GetDouble(), bar.GetProperty("count").GetInt64())).ToList();
        if (read.Count < 3) return read;
        double width = read.Select(bar => bar.To - bar.From).Order().ElementAt(read.Count / 2);
        foreach (int end in new[] { 0, read.Count - 1 })
        {
            if (Math.Abs(read[end].To - read[end].From - width) > width / 100) read[end] = read[end] with { IsTail = true };
        }

        return read;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DatasetException Unusable(string path, Exception? inner) => new(
        path, $"'{path}' is not a report of Test-WmsDataset. Check the data set again with -ReportPath, and name the .json file it writes.",
        inner);
}
