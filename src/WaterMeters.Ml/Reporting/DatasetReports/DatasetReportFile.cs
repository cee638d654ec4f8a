using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>Writes the report of a check to a file; its name says in which form.</summary>
public static class DatasetReportFile
{
    /// <summary>How the name of a report may end: JSON for programs, HTML for people.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".json", ".html", ".htm"];

    /// <summary>Whether a file's name says what is to be written.</summary>
    public static bool IsReportName(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes a report; an older one is replaced, its folder is made.</summary>
    /// <param name="report">The report.</param>
    /// <param name="statistics">How its photos and masks are spread.</param>
    /// <param name="path">The file; see <see cref="Extensions"/>.</param>
    /// <param name="progress">Hears how many images of a page are done, of how many.</param>
    /// <param name="cancellation">Stops the work; the older report stays then.</param>
    /// <exception cref="DatasetException">The file cannot be written.</exception>
    public static void Write(DatasetReport report, DatasetStatistics statistics, string path, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        if (!IsReportName(path)) throw new ArgumentException($"'{path}' names no report.", nameof(path));
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
            throw new DatasetException(path, $"The report cannot be written to '{path}': {e.Sentence()} Name another -ReportPath.", e);
        }
    }
}
