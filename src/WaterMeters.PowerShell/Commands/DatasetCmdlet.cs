using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>Base of cmdlets that take data sets: also those that a record names as its DataPath.</summary>
public abstract class DatasetCmdlet : PathCmdlet
{
    /// <summary>Folders of data sets. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PSDefaultValue(Help = "the current location")]
    [PathOf("DataPath", "Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"])]
    [SupportsWildcards]
    public override string[]? Path { get; set; }
}
