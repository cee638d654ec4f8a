using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Foundation;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands;

/// <summary>Base of cmdlets that take files or folders: -Path with wildcards, -LiteralPath without.</summary>
public abstract class PathCmdlet : WmsCmdlet
{
    /// <summary>The parameter set with wildcards.</summary>
    private protected const string ByPath = "Path";

    /// <summary>The parameter set without wildcards.</summary>
    private protected const string ByLiteralPath = "LiteralPath";

    /// <summary>Files or folders. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PathOf("Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"])]
    [SupportsWildcards]
    public virtual string[]? Path { get; set; }

    /// <summary>
    /// Files or folders, exactly as typed: no characters are interpreted as wildcards. Files and records from the pipeline bind to it by
    /// property name.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByLiteralPath)]
    [Alias("PSPath", "LP", "FullName", "ImagePath")]
    [AllowNull, AllowEmptyString, AllowEmptyCollection]
    public string[]? LiteralPath { get; set; }

    /// <summary>
    /// Whether a path was given, even if empty. An empty one must neither mean the default folder nor be refused by PowerShell before
    /// the cmdlet runs: that would skip the `if` around the call, and a gate would stay open.
    /// </summary>
    private protected bool IsPathGiven => IsGiven(nameof(Path)) || IsGiven(nameof(LiteralPath));

    /// <summary>The paths as given; one empty path if they are empty.</summary>
    private protected string[] GivenPaths => (LiteralPath ?? Path) is { Length: > 0 } paths ? paths : [""];

    /// <inheritdoc/>
    private protected override object ErrorTarget => (LiteralPath ?? Path) switch
    {
        null => ".",
        [var one] => one,
        var several => several,
    };

    /// <summary>The paths of this call so far: one that is given twice counts once.</summary>
    private readonly HashSet<string> resolved = new(PathComparer);

    /// <summary>Lets paths count again, as for another model.</summary>
    private protected void ForgetPaths() => resolved.Clear();

    /// <summary>Compares paths as the system's file systems usually do.</summary>
    private protected static StringComparer PathComparer => SystemPaths.Comparer;

    /// <summary>
    /// Returns the absolute paths of this record, each once in a call; a path that matches nothing is a non-terminating error.
    /// </summary>
    private protected IEnumerable<string> ResolvedPaths() => GivenPaths
        .SelectMany(path => LiteralPath is null ? WithoutHidden(path, ExpandWildcards(path)) : ResolveLiteral(path))
        .Where(path => resolved.Add(System.IO.Path.TrimEndingDirectorySeparator(path)));

    /// <summary>Whether a path given with -LiteralPath must exist; otherwise the cmdlet reports in its own way what is missing.</summary>
    private protected virtual bool MustExist => false;

    /// <summary>Leaves out hidden and temporary photos that wildcards match; a pattern that begins with a dot means them.</summary>
    private IEnumerable<string> WithoutHidden(string pattern, IReadOnlyList<string> found)
    {
        bool isNamed = !WildcardPattern.ContainsWildcardCharacters(pattern) || System.IO.Path.GetFileName(pattern).StartsWith('.');
        if (isNamed) return found;
        var hidden = found.Where(path => PhotoFolder.IsPhotoName(path) && PhotoFolder.IsHidden(path)).ToList();
        if (hidden.Count == 0) return found;
        string name = System.IO.Path.GetFileName(hidden[0]);
        WriteWarning($"Left out {hidden.Count} hidden or temporary files that '{pattern}' matches, such as '{name}'.");
        return found.Except(hidden);
    }

    private string[] ResolveLiteral(string path)
    {
        if (TryResolvePath(path, out string absolute, out var error))
        {
            if (!MustExist || System.IO.Path.Exists(absolute)) return [absolute];
            error = WmsErrors.PathNotFound(path, Location);
        }

        WriteError(error);
        return [];
    }
}
