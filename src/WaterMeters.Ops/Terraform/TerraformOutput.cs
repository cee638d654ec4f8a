using System.Text.Json;

namespace WaterMeters.Ops.Terraform;

/// <summary>An output of what was applied.</summary>
/// <param name="Name">Its name in the files, such as instance_id.</param>
/// <param name="Value">A text, a number, a bool, or the JSON of what has parts; null if it is null.</param>
/// <param name="IsSensitive">Whether no one may see it.</param>
public sealed record TerraformOutput(string Name, object? Value, bool IsSensitive)
{
    /// <summary>The name of a property: InstanceId for instance_id.</summary>
    public string PropertyName => string.Concat(
        Name.Split('_', '-').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    internal static TerraformOutput Read(JsonProperty output)
    {
        var value = output.Value.Property("value");
        object? read = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.TryGetInt64(out long whole) ? whole : value.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            _ => value.GetRawText(),
        };
        return new TerraformOutput(output.Name, read, output.Value.Property("sensitive").ValueKind == JsonValueKind.True);
    }
}
