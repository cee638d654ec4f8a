using System.Management.Automation;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

// What to check: folders of data sets, photos and masks.
public sealed partial class TestWmsDatasetCommand
{
    private readonly List<string> paths = [];
    private bool isPathMissing;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (IsPathGiven)
        {
            foreach (string path in GivenPaths) AddPaths(path);
        }
        else if (TryProjectFolder(out string? folder))
        {
            paths.Add(folder ?? ResolvePath("."));
        }
        else
        {
            isPathMissing = true;
        }
    }

    private void AddPaths(string path)
    {
        // A name with brackets is a file first and a pattern second: git and other programs know no patterns.
        if (TryResolvePath(path, out string absolute, out var error) && System.IO.Path.Exists(absolute))
        {
            paths.Add(absolute);
        }
        else if (GitPath.Unquote(path) is var unquoted && unquoted != path
            && TryResolvePath(unquoted, out string quoted, out _) && System.IO.Path.Exists(quoted))
        {
            paths.Add(quoted);
        }
        else if (LiteralPath is null && Expand(path) is { Count: > 0 } found)
        {
            paths.AddRange(found);
        }
        else
        {
            isPathMissing = true;
            WriteError(error ?? WmsErrors.PathNotFound(path, Location));
        }
    }

    private IReadOnlyList<string> Expand(string path)
    {
        try
        {
            if (!WildcardPattern.ContainsWildcardCharacters(path) && WildcardPattern.Unescape(path) == path) return [];
            var found = SessionState.Path.GetResolvedProviderPathFromPSPath(AsPattern(path), out var provider);
            return provider.Name == "FileSystem" ? found : [];
        }
        catch (Exception e) when (e is SessionStateException or WildcardPatternException)
        {
            // No such drive, no match or not a pattern.
            return [];
        }
    }

    /// <summary>
    /// Writes one line for each error, as compilers and linters do: <c>path: check: message</c>. They go to the information stream, which
    /// a console, a git hook and the log of a build show; the output stays one value, and -InformationAction Ignore turns them off.
    /// Warnings would have a prefix of their own, and would end a script where warnings are errors.
    /// </summary>
    private void WriteLines(DatasetReport report, string location)
    {
        foreach (var finding in report.Findings.Where(f => f.Severity == FindingSeverity.Error))
        {
            string path = finding.Path.Length == 0 ? "" : System.IO.Path.GetRelativePath(location, finding.Path);
            if (path.StartsWith("..", StringComparison.Ordinal)) path = finding.Path;
            WriteLine($"{(path.Length == 0 ? "" : path + ": ")}{finding.Check}: {finding.Message}", "WmsFinding");
        }
    }
}
