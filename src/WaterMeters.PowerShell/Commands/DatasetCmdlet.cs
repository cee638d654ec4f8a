using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>Base of cmdlets that take data sets: also those that a record names as its DataPath.</summary>
public abstract class DatasetCmdlet : PathCmdlet
{
    /// <summary>Folders of data sets. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PSDefaultValue(Help = "dataset.path of wms.yaml, or the current location")]
    [PathOf("DataPath", "Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"])]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <inheritdoc/>
    private protected override bool MustExist => true;

    /// <summary>
    /// Returns the data set folders of this record: the paths given, or else the project's data set, or else the session's location. A path
    /// that is not there is a non-terminating error.
    /// </summary>
    private protected string[] DatasetFolders()
    {
        if (IsPathGiven) return [.. ResolvedPaths()];
        return TryProjectFolder(out string? folder) ? [folder ?? ResolvePath(".")] : [];
    }

    /// <summary>Writes a line to the information stream, which a console and the log of a build show.</summary>
    private protected void WriteLine(string line, string tag) =>
        WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST", tag]);
}
