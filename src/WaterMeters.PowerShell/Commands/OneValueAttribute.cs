using System.Collections;
using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>Refuses several values of an enumeration: PowerShell would join them with OR, and Train,Test would be Test alone.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneValueAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        string[] several = value switch
        {
            string text => text.Split(','),
            IEnumerable list => [.. list.Cast<object?>().Select(one => $"{one}")],
            _ => [],
        };
        if (several.Length < 2) return inputData;
        throw new ArgumentTransformationMetadataException(
            $"The parameter takes one value, not {several.Length}: {string.Join(", ", several.Select(one => one.Trim()))}. "
            + "Run the cmdlet once for each.");
    }
}
