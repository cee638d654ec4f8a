using System.Text.Json;

namespace WaterMeters.Ops.Terraform;

/// <summary>Reads JSON whose parts may be missing.</summary>
internal static class JsonReading
{
    /// <summary>Returns a property; an undefined element if it, or the object, is missing.</summary>
    public static JsonElement Property(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>Returns a text; null if it is missing or something else.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.Property(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Returns the items of an array, none if it is missing.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Property(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>Returns the properties of an object, none if it is missing.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];
}
