using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>Writes the report of a data set check to a file; the extension selects the format.</summary>
public static class DatasetReportFile
{
    /// <summary>
    /// Extensions of report files: JSON for programs, HTML for people, Markdown for pull requests, SARIF and JUnit XML for CI systems.
    /// </summary>
    public static IReadOnlyList<string> Extensions { get; } = [".json", ".html", ".htm", ".md", ".sarif", ".xml"];

    /// <summary>Returns whether a path has one of the <see cref="Extensions"/>.</summary>
    public static bool IsReportName(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes a report. Replaces an older one, and creates its folder.</summary>
    /// <param name="dataset">The check.</param>
    /// <param name="path">The file; see <see cref="Extensions"/>. One that ends in .sarif.json is SARIF too.</param>
    /// <param name="workspace">Folder that the CI system checked the repository out to; null when unknown.</param>
    /// <param name="progress">Called with the number of findings whose images are done and the total; HTML only.</param>
    /// <param name="cancellation">Stops the work and keeps the older report.</param>
    /// <exception cref="DatasetException">The file cannot be written.</exception>
    public static void Write(
        CheckedDataset dataset,
        string path,
        string? workspace = null,
        Action<int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (!IsReportName(path)) throw new ArgumentException($"'{path}' has no extension of a report.", nameof(path));
        var (report, written) = (dataset.Report, DateTimeOffset.UtcNow);
        ReportRoot Root() => ReportRoot.Find(report, workspace);
        Action<Stream> write = Format(path) switch
        {
            ".json" => stream => DatasetReportJson.Write(dataset, stream, cancellation),
            ".sarif" => stream => DatasetReportSarif.Write(report, Root(), dataset.Made ?? written, stream, cancellation),
            ".xml" => stream => DatasetReportJUnit.Write(report, Root(), dataset.Made ?? written, stream, cancellation),
            ".md" => stream => stream.Write(Encoding.UTF8.GetBytes(DatasetReportMarkdown.Render(report, Root()))),
            _ => stream => new DatasetReportPage(dataset, written, progress, cancellation).Write(stream),
        };
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            HeldFile.RequireReplaceable(path);
            AtomicFile.Write(path, write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"Cannot write the report '{path}': {e.Sentence()} Use another -ReportPath.", e);
        }
    }

    private static string Format(string path) =>
        path.EndsWith(".sarif.json", StringComparison.OrdinalIgnoreCase) ? ".sarif" : Path.GetExtension(path).ToLowerInvariant();
}
