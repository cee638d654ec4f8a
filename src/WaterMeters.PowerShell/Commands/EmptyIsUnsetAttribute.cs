using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// Converts empty text to null. PowerShell itself would convert it to 0, which as a limit excludes nothing; for an enumeration it would
/// fail before the cmdlet runs and skip the `if` around the call.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmptyIsUnsetAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is string text && string.IsNullOrWhiteSpace(text) ? null : inputData;
    }
}
