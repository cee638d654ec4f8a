using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>A cmdlet that takes files or folders: -Path with wildcards, -LiteralPath as they are.</summary>
public abstract class PathCmdlet : WmsCmdlet
{
    /// <summary>The parameter set with wildcards.</summary>
    private protected const string ByPath = "Path";

    /// <summary>The parameter set without wildcards.</summary>
    private protected const string ByLiteralPath = "LiteralPath";

    /// <summary>Files or folders; wildcards are expanded.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Files or folders, taken as they are: a bracket is a bracket. Binds the paths of files and records from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByLiteralPath)]
    [Alias("PSPath", "LP", "FullName", "ImagePath")]
    [AllowNull, AllowEmptyString, AllowEmptyCollection]
    public string[]? LiteralPath { get; set; }

    /// <summary>
    /// Whether a path was named, be it an empty one. PowerShell itself would refuse that of a variable that is not set before the
    /// cmdlet runs, and with the cmdlet the `if` around it: a gate would stand open. And it must not mean what naming nothing means.
    /// </summary>
    private protected bool IsNamed => IsGiven(nameof(Path)) || IsGiven(nameof(LiteralPath));

    /// <summary>The paths that were named, as they were written; an empty one when nothing stands in them.</summary>
    private protected string[] Names => (LiteralPath ?? Path) is { Length: > 0 } names ? names : [""];

    /// <inheritdoc/>
    private protected override object WorksOn => (LiteralPath ?? Path) switch
    {
        null => ".",
        [var one] => one,
        var several => several,
    };

    /// <summary>The absolute paths of this record; what leads nowhere is an error that does not end the pipeline.</summary>
    private protected IEnumerable<string> Paths() =>
        Names.SelectMany(name => LiteralPath is null ? Matches(name) : Literal(name));

    private string[] Literal(string path)
    {
        if (TryAbsolute(path, out string absolute, out var error)) return [absolute];
        WriteError(error);
        return [];
    }
}
