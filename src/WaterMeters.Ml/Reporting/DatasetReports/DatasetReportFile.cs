using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>Writes the report of a data set check to a file; the extension selects the format.</summary>
public static class DatasetReportFile
{
    /// <summary>Extensions of report files: JSON for programs, HTML for people.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".json", ".html", ".htm"];

    /// <summary>Returns whether a path has one of the <see cref="Extensions"/>.</summary>
    public static bool IsReportName(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes a report. Replaces an older one, and creates its folder.</summary>
    /// <param name="report">The report.</param>
    /// <param name="statistics">Distributions of the photos and masks.</param>
    /// <param name="path">The file; see <see cref="Extensions"/>.</param>
    /// <param name="progress">Called with the number of findings whose images are done and the total; HTML only.</param>
    /// <param name="cancellation">Stops the work and keeps the older report.</param>
    /// <exception cref="DatasetException">The file cannot be written.</exception>
    public static void Write(
        DatasetReport report,
        DatasetStatistics statistics,
        string path,
        Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        if (!IsReportName(path)) throw new ArgumentException($"'{path}' has no extension of a report.", nameof(path));
        bool isJson = string.Equals(Path.GetExtension(path), Extensions[0], StringComparison.OrdinalIgnoreCase);
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            AtomicFile.Write(path, stream =>
            {
                if (isJson) DatasetReportJson.Write(report, statistics, stream, cancellation);
                else new DatasetReportPage(report, statistics, DateTimeOffset.UtcNow, progress, cancellation).Write(stream);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"Cannot write the report '{path}': {e.Sentence()} Use another -ReportPath.", e);
        }
    }
}
