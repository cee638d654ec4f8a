using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>
/// The folder that a report for CI systems names files relative to: they match files by the path in the repository.
/// </summary>
public sealed class ReportRoot
{
    private ReportRoot(string folder) => Folder = folder;

    /// <summary>Absolute path of the folder.</summary>
    public string Folder { get; }

    /// <summary>
    /// Finds the root for a report: the workspace of the CI system if it contains the data set, else the nearest folder above the data set
    /// with a <c>.git</c>, else the data set itself.
    /// </summary>
    /// <param name="report">The report; of several data sets the first counts.</param>
    /// <param name="workspace">Folder that the CI system checked the repository out to; null when unknown.</param>
    public static ReportRoot Find(DatasetReport report, string? workspace = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        string data = report.DataPath.Split(Path.PathSeparator)[0];
        if (!Path.IsPathFullyQualified(data)) return new ReportRoot(data);
        if (workspace is { Length: > 0 } && Below(Path.TrimEndingDirectorySeparator(workspace), data) is not null)
        {
            return new ReportRoot(Path.TrimEndingDirectorySeparator(workspace));
        }

        for (string? folder = data; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Exists(Path.Combine(folder, ".git"))) return new ReportRoot(folder);
        }

        return new ReportRoot(data);
    }

    /// <summary>
    /// Returns the path of a file relative to the root, with slashes, and <c>.</c> for the root itself; null for a file elsewhere.
    /// </summary>
    public string? Relative(string path) => path is { Length: > 0 } && Path.IsPathFullyQualified(path) ? Below(Folder, path) : null;

    /// <summary>Returns the path of a file as a URI: relative to the root if it is below it, else absolute.</summary>
    internal string Uri(string path) => Relative(path) is { } relative ? Escape(relative) : Absolute(path);

    /// <summary>Returns the absolute URI of the root, with a slash at its end.</summary>
    internal string BaseUri() => Absolute(Folder).TrimEnd('/') + "/";

    private static string Absolute(string path)
    {
        string slashed = path.Replace(Path.DirectorySeparatorChar, '/');
        bool isShare = slashed.StartsWith("//", StringComparison.Ordinal); // its server is the host of the URI
        return (isShare ? "file://" : "file:///") + Escape(slashed.TrimStart('/'));
    }

    private static string? Below(string folder, string path)
    {
        string relative = Path.GetRelativePath(folder, path);
        bool isOutside = Path.IsPathRooted(relative) || relative.Split(Path.DirectorySeparatorChar)[0] == "..";
        return isOutside ? null : relative.Replace(Path.DirectorySeparatorChar, '/');
    }

    // A drive's colon stays: it is part of every absolute URI on Windows.
    private static string Escape(string path) => string.Join('/', path.Split('/').Select((part, i) =>
        i == 0 && part.Length == 2 && part[1] == ':' ? part : System.Uri.EscapeDataString(HtmlText.Sanitize(part))));
}
