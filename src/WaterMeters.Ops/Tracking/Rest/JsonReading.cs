using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>
/// Reads values of MLflow's answers. Fields that have their default are left out, and 64-bit numbers are text or numbers, depending on the
/// server's version.
/// </summary>
internal static class JsonReading
{
    /// <summary>Reads a text; empty if it is missing.</summary>
    public static string Text(this JsonObject json, string name) => json[name] switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        _ => "",
    };

    /// <summary>Reads a whole number; 0 if it is missing or is none.</summary>
    public static long Whole(this JsonObject json, string name) =>
        long.TryParse(json.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number
        : double.TryParse(json.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? (long)value : 0;

    /// <summary>Reads a whole number; null if it is missing.</summary>
    public static long? WholeOrNull(this JsonObject json, string name) => json.Text(name).Length == 0 ? null : json.Whole(name);

    /// <summary>Reads a number, which may be <c>NaN</c>, <c>Infinity</c> or <c>-Infinity</c>.</summary>
    public static double Number(this JsonObject json, string name)
    {
        double value = double.TryParse(json.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : 0;

        // MLflow's databases hold no infinity; its servers give back the largest number instead.
        return value switch
        {
            double.MaxValue => double.PositiveInfinity,
            double.MinValue => double.NegativeInfinity,
            _ => value,
        };
    }

    /// <summary>Reads a time in milliseconds; the first of 1970 if it is missing.</summary>
    public static DateTimeOffset Time(this JsonObject json, string name) => TimeOf(json.Whole(name));

    /// <summary>Reads a time in milliseconds; null if it is missing or 0.</summary>
    public static DateTimeOffset? TimeOrNull(this JsonObject json, string name) =>
        json.Whole(name) is not 0 and long milliseconds ? TimeOf(milliseconds) : null;

    /// <summary>Reads an object; an empty one if it is missing.</summary>
    public static JsonObject Object(this JsonObject json, string name) => json[name] as JsonObject ?? [];

    /// <summary>Reads the objects of a list; none if it is missing.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject json, string name) =>
        (json[name] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Reads a list of keys and values, the last of a key wins.</summary>
    public static Dictionary<string, string> Pairs(this JsonObject json, string name)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in json.Objects(name)) pairs[pair.Text("key")] = pair.Text("value");
        return pairs;
    }

    /// <summary>Writes keys and values as MLflow's lists have them.</summary>
    public static JsonArray ToJson(this IEnumerable<KeyValuePair<string, string>> pairs) =>
        new([.. pairs.Select(pair => (JsonNode)new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value })]);

    private static DateTimeOffset TimeOf(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
