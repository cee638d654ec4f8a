using System.Collections;
using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands.Infrastructure;

/// <summary>
/// Takes the identifier of an instance from what Get-EC2Instance returns: a reservation with its instances, or an instance. Its types are
/// those of other assemblies, so only names of properties count.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InstanceIdOfAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (inputData is null || (inputData as PSObject)?.BaseObject is string) return inputData;
        var input = PSObject.AsPSObject(inputData);
        if (input.BaseObject is string or string[]) return inputData;
        if (input.Properties["InstanceId"]?.Value is { } id) return new[] { $"{id}" };
        if (input.Properties["Instances"]?.Value is IEnumerable instances)
        {
            return instances.Cast<object>().Select(one => $"{PSObject.AsPSObject(one).Properties["InstanceId"]?.Value}")
                .Where(one => one.Length > 0).ToArray();
        }

        return inputData;
    }
}
