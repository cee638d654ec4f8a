using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Writes a report of trainings or of a comparison to a file; the extension selects the format.</summary>
public static class ReportFile
{
    /// <summary>Extensions of report files: Markdown for pull requests, HTML for people, JSON for programs.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".md", ".html", ".htm", ".json"];

    /// <summary>Returns whether a path has one of the <see cref="Extensions"/>.</summary>
    public static bool IsReportName(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes a report. Replaces an older one, and creates its folder.</summary>
    /// <param name="contents">Contents of the report.</param>
    /// <param name="path">The file; see <see cref="Extensions"/>.</param>
    /// <param name="warn">Called with a warning for each image that cannot be shown.</param>
    /// <param name="progress">Called with the number of images done and the total; HTML only.</param>
    /// <param name="cancellation">Stops the work and keeps the older report.</param>
    /// <exception cref="DatasetException">The file cannot be written.</exception>
    public static void Write(
        ReportContents contents, string path, Action<string> warn, Action<int, int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(contents);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(warn);
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".MD":
                Save(path, () => AtomicFile.WriteText(path, MarkdownReport.Render(contents)));
                break;
            case ".JSON":
                Save(path, () => AtomicFile.WriteText(path, JsonReport.Render(contents)));
                break;
            case ".HTML" or ".HTM":
                using (var gallery = new ReportGallery(contents, warn))
                {
                    gallery.Prepare(progress, cancellation);
                    Save(path, () => AtomicFile.Write(path, stream => HtmlReport.Write(contents, gallery, stream)));
                }

                break;
            default:
                throw new ArgumentException($"'{path}' has no extension of a report.", nameof(path));
        }
    }

    private static void Save(string path, Action write)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            HeldFile.RequireReplaceable(path);
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"Cannot write the report '{path}': {e.Sentence()} Use another -OutputPath.", e);
        }
    }
}
