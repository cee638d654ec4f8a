using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.PredictionReports;

/// <summary>Writes a report of predictions; the extension of the file selects the format.</summary>
public sealed class PredictionReportFile
{
    private readonly PredictionSummary summary;

    /// <summary>Sorts the predictions.</summary>
    public PredictionReportFile(IReadOnlyList<Prediction> predictions) => summary = new PredictionSummary(predictions);

    /// <summary>The report as Markdown, with a line feed at the end.</summary>
    public string Markdown => PredictionMarkdown.Render(summary);

    /// <summary>Writes a report. Replaces an older one, and creates its folder.</summary>
    /// <param name="path">The file: .md, .html, .htm or .json.</param>
    /// <param name="warn">Called with one warning when photos cannot be shown.</param>
    /// <param name="progress">Called with the number of photos done and the total; HTML only.</param>
    /// <param name="cancellation">Stops the work and keeps the older report.</param>
    /// <exception cref="DatasetException">The file cannot be written.</exception>
    public void Write(string path, Action<string> warn, Action<int, int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(warn);
        var written = DateTimeOffset.UtcNow;
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            HeldFile.RequireReplaceable(path);
            switch (Path.GetExtension(path).ToUpperInvariant())
            {
                case ".MD":
                    AtomicFile.WriteText(path, Markdown);
                    break;
                case ".JSON":
                    AtomicFile.Write(path, stream => PredictionJson.Write(summary, written, stream, cancellation));
                    break;
                case ".HTML" or ".HTM":
                    AtomicFile.Write(path, stream => new PredictionPage(summary, written, warn, progress, cancellation).Write(stream));
                    break;
                default:
                    throw new ArgumentException($"'{path}' has no extension of a report.", nameof(path));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"Cannot write the report '{path}': {e.Sentence()} Use another -OutputPath.", e);
        }
    }
}
