using System.Text.Encodings.Web;
using System.Text.Json;

namespace WaterMeters.Ml.Datasets;

/// <summary>Writes a report of a check for other programs, in the shape of the seed system's report.json.</summary>
public static class DatasetReportFile
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes {status, image_count, mask_count, valid_pairs, errors[], warnings[], statistics{}}; an older report is replaced, its folder is made.</summary>
    /// <exception cref="DatasetException">The file cannot be written.</exception>
    public static void Write(DatasetReport report, string path)
    {
        var shape = new
        {
            status = report.Status == DatasetStatus.Pass ? "PASS" : "FAIL",
            image_count = report.ImageCount,
            mask_count = report.MaskCount,
            valid_pairs = report.ValidPairs,
            errors = Sentences(FindingSeverity.Error),
            warnings = Sentences(FindingSeverity.Warning),
            statistics = new Dictionary<string, object?>
            {
                ["resolution"] = report.Resolution,
                ["median_coverage_%"] = Math.Round(report.MedianCoverage * 100, 4),
                ["std_coverage_%"] = Math.Round(report.StdCoverage * 100, 4),
            },
        };
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            FileReplacement.WriteText(path, JsonSerializer.Serialize(shape, Readable) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"The report cannot be written to '{path}': {e.Sentence()} Name another -ReportPath.", e);
        }

        string[] Sentences(FindingSeverity severity) =>
            [.. from f in report.Findings where f.Severity == severity select f.Path.Length == 0 ? f.Message : $"{Path.GetFileName(f.Path)}: {f.Message}"];
    }
}
