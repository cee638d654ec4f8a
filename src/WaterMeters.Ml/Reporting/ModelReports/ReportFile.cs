using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Writes a report of trainings or of a comparison to a file; its name says in which form.</summary>
public static class ReportFile
{
    /// <summary>How the name of a report may end: Markdown for a pull request, HTML for people, JSON for programs.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".md", ".html", ".htm", ".json"];

    /// <summary>Whether a file's name says what is to be written.</summary>
    public static bool IsReportName(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes a report; an older one is replaced, its folder is made.</summary>
    /// <param name="contents">What it tells.</param>
    /// <param name="path">The file; see <see cref="Extensions"/>.</param>
    /// <param name="warn">Hears what could not be shown.</param>
    /// <param name="progress">Hears how many images of a page are done, of how many.</param>
    /// <param name="cancellation">Stops the work; the older report stays then.</param>
    /// <exception cref="DatasetException">The file cannot be written.</exception>
    public static void Write(ReportContents contents, string path, Action<string> warn, Action<int, int>? progress, CancellationToken cancellation)
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
                throw new ArgumentException($"'{path}' names no report.", nameof(path));
        }
    }

    private static void Save(string path, Action write)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"The report cannot be written to '{path}': {e.Sentence()} Name another -Path.", e);
        }
    }
}
