using System.Text.Json;

namespace WaterMeters.Ops.Terraform;

/// <summary>
/// The values that no message may show: keys of the environment, and what a plan or the outputs mark as sensitive. terraform hides these
/// itself, but a provider's own error may have them.
/// </summary>
internal sealed class TerraformSecrets
{
    private const string Hidden = "***";

    // A shorter value would hide parts of ordinary words.
    private const int Shortest = 4;

    private static readonly string[] Names = ["SECRET", "TOKEN", "PASSWORD", "ACCESS_KEY", "PRIVATE"];

    private readonly HashSet<string> values = new(StringComparer.Ordinal);

    /// <summary>Takes what the environment has.</summary>
    public TerraformSecrets()
    {
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = variable.Key.ToString() ?? "";
            if (Names.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase))) Add(variable.Value?.ToString());
        }
    }

    /// <summary>Takes what a plan marks as sensitive.</summary>
    public void AddPlan(JsonElement plan)
    {
        foreach (var change in plan.Items("resource_changes").Select(change => change.Property("change")))
        {
            AddMarked(change.Property("before"), change.Property("before_sensitive"));
            AddMarked(change.Property("after"), change.Property("after_sensitive"));
        }

        AddOutputs(plan.Property("planned_values").Property("outputs"));
        foreach (var variable in plan.Property("configuration").Property("root_module").Property("variables").Members())
        {
            if (variable.Value.Property("sensitive").ValueKind == JsonValueKind.True)
            {
                AddAll(plan.Property("variables").Property(variable.Name).Property("value"));
            }
        }
    }

    /// <summary>Takes the outputs that are sensitive.</summary>
    public void AddOutputs(JsonElement outputs)
    {
        foreach (var output in outputs.Members())
        {
            if (output.Value.Property("sensitive").ValueKind == JsonValueKind.True) AddAll(output.Value.Property("value"));
        }
    }

    /// <summary>Returns a text without them.</summary>
    public string Hide(string text) => values.OrderByDescending(value => value.Length)
        .Aggregate(text, (hidden, value) => hidden.Replace(value, Hidden, StringComparison.Ordinal));

    private void AddMarked(JsonElement value, JsonElement mark)
    {
        switch (mark.ValueKind)
        {
            case JsonValueKind.True:
                AddAll(value);
                break;
            case JsonValueKind.Object:
                foreach (var member in mark.Members()) AddMarked(value.Property(member.Name), member.Value);
                break;
            case JsonValueKind.Array when value.ValueKind == JsonValueKind.Array:
                foreach (var (item, itemMark) in value.EnumerateArray().Zip(mark.EnumerateArray())) AddMarked(item, itemMark);
                break;
            default:
                break;
        }
    }

    private void AddAll(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                Add(value.GetString());
                break;
            case JsonValueKind.Number:
                Add(value.GetRawText());
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) AddAll(member.Value);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) AddAll(item);
                break;
            default:
                break;
        }
    }

    private void Add(string? value)
    {
        if (value?.Length >= Shortest) values.Add(value);
    }
}
