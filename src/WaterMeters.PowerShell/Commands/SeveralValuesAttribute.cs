using System.Collections;
using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>Takes a text of several values of an enumeration, 'A,B', as these values: PowerShell would join them with OR.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SeveralValuesAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        object?[] items = value switch
        {
            string text => [text],
            IEnumerable list => [.. list.Cast<object?>().Select(one => one is PSObject inner ? inner.BaseObject : one)],
            _ => [inputData],
        };
        return items.SelectMany<object?, object?>(
            item => item is string text ? text.Split(',', StringSplitOptions.TrimEntries) : [item]).ToArray();
    }
}
