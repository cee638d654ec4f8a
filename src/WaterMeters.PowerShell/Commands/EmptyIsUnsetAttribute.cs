using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// Takes an empty text for nothing. PowerShell reads it as the number 0, which as a limit holds nothing back; or it refuses an empty
/// enumeration before the cmdlet runs, and the `if` around it is passed over.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmptyIsUnsetAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text && string.IsNullOrWhiteSpace(text) ? null : inputData;
}
