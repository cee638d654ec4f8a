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
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Files or folders, taken as they are: a bracket is a bracket. Binds the paths of files and records from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByLiteralPath)]
    [Alias("PSPath", "LP", "FullName", "ImagePath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>The absolute paths of this record; what leads nowhere is an error that does not end the pipeline.</summary>
    private protected IEnumerable<string> Paths() =>
        LiteralPath is not null ? LiteralPath.SelectMany(Literal) : (Path ?? []).SelectMany(Matches);

    private string[] Literal(string path)
    {
        if (TryAbsolute(path, out string absolute, out var error)) return [absolute];
        WriteError(error);
        return [];
    }
}
