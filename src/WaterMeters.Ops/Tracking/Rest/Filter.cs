namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>MLflow's language of filters has quotes and no way to write one inside: such a condition is left to the caller.</summary>
internal static class Filter
{
    /// <summary>Writes <c>field='value'</c>; null if MLflow has no way to write it.</summary>
    public static string? Is(string field, string value) =>
        !value.Contains('\'', StringComparison.Ordinal) ? $"{field}='{value}'"
        : !value.Contains('"', StringComparison.Ordinal) ? $"{field}=\"{value}\""
        : null;

    /// <summary>Writes a condition on a tag; null if MLflow has no way to write it.</summary>
    public static string? Tag(string key, string value) =>
        key.Contains('`', StringComparison.Ordinal) ? null : Is($"tags.`{key}`", value);

    /// <summary>Joins conditions; empty if there are none.</summary>
    public static string All(IEnumerable<string?> conditions) => string.Join(" and ", conditions.Where(condition => condition is not null));
}
