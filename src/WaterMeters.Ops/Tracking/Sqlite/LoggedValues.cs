using System.Globalization;
using System.Text;
using System.Text.Json;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>
/// Keys and values that a query returns as one JSON object for each run or version. A thousand runs have forty thousand entries, and
/// reading each as a row of its own takes several times as long.
/// </summary>
internal static class LoggedValues
{
    /// <summary>Selects the entries of a table as texts.</summary>
    public const string OfTexts = "json_group_object(key, value)";

    /// <summary>Selects metrics. JSON would round a number to 15 digits; <c>quote</c> writes as many as it needs.</summary>
    public const string OfMetrics = "json_group_object(key, json_array(quote(value), timestamp, step, is_nan))";

    /// <summary>Reads what <see cref="OfTexts"/> selected.</summary>
    public static Dictionary<string, string> Texts(string json)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = Open(json);
        while (NextKey(ref reader) is { } key)
        {
            reader.Read();
            texts[key] = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Null => "",
                _ => Encoding.UTF8.GetString(reader.ValueSpan), // a number in a column without a type
            };
        }

        return texts;
    }

    /// <summary>Reads what <see cref="OfMetrics"/> selected.</summary>
    public static Dictionary<string, Metric> Metrics(string json)
    {
        var metrics = new Dictionary<string, Metric>(StringComparer.Ordinal);
        var reader = Open(json);
        while (NextKey(ref reader) is { } key)
        {
            reader.Read();
            reader.Read();
            string value = reader.GetString()!;
            var (time, step, isNaN) = (NextNumber(ref reader), NextNumber(ref reader), NextNumber(ref reader) != 0);
            reader.Read();
            double stored = isNaN ? double.NaN : StoredMetric.From(double.Parse(value, CultureInfo.InvariantCulture));
            metrics[key] = new Metric(key, stored, StoredTime.From(time), step);
        }

        return metrics;
    }

    private static Utf8JsonReader Open(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return reader;
    }

    private static string? NextKey(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;

    private static long NextNumber(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number ? reader.GetInt64() : 0;
    }
}
