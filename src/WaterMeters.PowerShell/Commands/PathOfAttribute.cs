using System.Collections;
using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// Takes the path of a file or folder from an object: a record of this module, a file, a row of a CSV. PowerShell itself would convert
/// the object to text, such as <c>@{Path=...}</c>. Text, and objects without such a property, stay as they are.
/// </summary>
/// <param name="properties">Names of the properties, the first that has a value wins.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PathOfAttribute(params string[] properties) : ArgumentTransformationAttribute
{
    /// <summary>Whether the parameter accepts wildcards: then those in the path of an object are escaped.</summary>
    public bool IsPattern { get; init; }

    /// <summary>Properties that bind to another parameter: an object from the pipeline that has one of them stays as it is.</summary>
    public string[] BoundElsewhere { get; init; } = [];

    /// <summary>
    /// The path that an object with a property ModelPath stands for when it has no path of its own; null when the property does not count.
    /// </summary>
    public string? OfModel { get; init; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            null or string => inputData,
            IEnumerable several and not PSCustomObject and not IDictionary =>
                several.Cast<object?>().Select(one => Path(one, [.. BoundElsewhere, .. properties]) ?? one).ToArray(),

            // ModelPath binds by property name and thereby decides for this parameter, also for the paths that would bind elsewhere.
            _ when OfModel is not null && Path(inputData, ["ModelPath"]) is not null =>
                Path(inputData, [.. BoundElsewhere, properties[0]]) ?? OfModel,
            _ when BoundElsewhere.Any(name => Property(inputData, name) is not null) => inputData,
            _ => Path(inputData, properties) ?? inputData,
        };
    }

    private string? Path(object? item, string[] names)
    {
        if (item is null or string or PSObject { BaseObject: string }) return null;
        string? path = names.Select(name => Property(item, name)?.Value?.ToString()).FirstOrDefault(text => !string.IsNullOrEmpty(text));
        return path is not null && IsPattern ? WildcardPattern.Escape(path) : path;
    }

    private static PSPropertyInfo? Property(object item, string name) => PSObject.AsPSObject(item).Properties[name];
}
