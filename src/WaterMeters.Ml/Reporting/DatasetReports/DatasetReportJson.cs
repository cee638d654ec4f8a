using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>Writes the report of a data set check as JSON: the report.json of the legacy pipeline, plus each finding in full.</summary>
internal static class DatasetReportJson
{
    private const int MostPending = 64 << 10;

    private static readonly JsonWriterOptions Options =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Streams {status, image_count, mask_count, valid_pairs, errors[], warnings[], statistics{}, histograms{}, findings[], data_path,
    /// checked, seconds}, one finding at a time.
    /// </summary>
    public static void Write(CheckedDataset dataset, Stream stream, CancellationToken cancellation)
    {
        var report = dataset.Report;
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("status", report.Status == DatasetStatus.Pass ? "PASS" : "FAIL");
            json.WriteNumber("image_count", report.ImageCount);
            json.WriteNumber("mask_count", report.MaskCount);
            json.WriteNumber("valid_pairs", report.ValidPairs);
            Sentences(json, "errors", report, FindingSeverity.Error, cancellation);
            Sentences(json, "warnings", report, FindingSeverity.Warning, cancellation);
            json.WriteStartObject("statistics");
            json.WriteString("resolution", report.Resolution);
            Percent(json, "median_coverage_%", report.MedianCoverage);
            Percent(json, "std_coverage_%", report.StdCoverage);
            json.WriteEndObject();
            json.WriteStartObject("histograms");
            foreach (var measure in dataset.Histograms ?? []) Histogram(json, measure);
            json.WriteEndObject();
            Each(json, "findings", report.Findings, finding => Finding(json, finding), cancellation);
            json.WriteString("data_path", report.DataPath);
            json.WriteString("checked", dataset.Made?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("seconds", Math.Round(report.Duration.TotalSeconds, 3));
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
    }

    private static void Percent(Utf8JsonWriter json, string name, double? fraction)
    {
        if (fraction is { } known) json.WriteNumber(name, Math.Round(known * 100, 4));
        else json.WriteNull(name);
    }

    private static void Sentences(
        Utf8JsonWriter json, string name, DatasetReport report, FindingSeverity severity, CancellationToken cancellation) =>
        Each(
            json, name, report.Findings.Where(finding => finding.Severity == severity),
            finding => json.WriteStringValue(Sentence(finding)), cancellation);

    private static string Sentence(DatasetFinding finding) =>
        finding.Path.Length == 0 ? finding.Message : $"{Path.GetFileName(finding.Path)}: {finding.Message}";

    /// <summary>Writes the bars from the smallest value to the largest; each starts where the one before ends.</summary>
    private static void Histogram(Utf8JsonWriter json, DatasetHistogram measure)
    {
        json.WriteStartArray(measure.Key);
        foreach (var bar in measure.Bars)
        {
            json.WriteStartObject();
            json.WriteNumber("from", Math.Round(bar.From, 6));
            json.WriteNumber("to", Math.Round(bar.To, 6));
            json.WriteNumber("count", bar.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Finding(Utf8JsonWriter json, DatasetFinding finding)
    {
        json.WriteStartObject();
        json.WriteString("check", finding.Check);
        json.WriteString("severity", finding.Severity == FindingSeverity.Error ? "error" : "warning");
        json.WriteString("name", finding.Name);
        json.WriteString("path", finding.Path);
        json.WriteString("other_path", finding.OtherPath);
        json.WriteString("message", finding.Message);
        json.WriteEndObject();
    }

    private static void Each(
        Utf8JsonWriter json,
        string name,
        IEnumerable<DatasetFinding> findings,
        Action<DatasetFinding> write,
        CancellationToken cancellation)
    {
        json.WriteStartArray(name);
        foreach (var finding in findings)
        {
            cancellation.ThrowIfCancellationRequested();
            write(finding);
            if (json.BytesPending > MostPending) json.Flush();
        }

        json.WriteEndArray();
    }
}
