using System.Globalization;
using System.Text.Json;

namespace WaterMeters.Ops.Tracking;

/// <summary>
/// Changes of stage, recorded as tags of the versions, which every MLflow stores and shows. Each change is a tag of its own,
/// <c>wms.stage.MILLISECONDS</c>, with a JSON object <c>from</c>, <c>to</c>, <c>by</c>, <c>reason</c>; nothing is ever rewritten, so two
/// processes cannot lose each other's records.
/// </summary>
public static class StageHistory
{
    /// <summary>What the keys of these tags start with.</summary>
    public const string Prefix = "wms.stage.";

    /// <summary>Returns the key of a change's tag. Two changes of one version in the same millisecond need different times.</summary>
    public static string KeyOf(DateTimeOffset time) =>
        Prefix + time.ToUnixTimeMilliseconds().ToString("D13", CultureInfo.InvariantCulture);

    /// <summary>Returns the value of a change's tag.</summary>
    public static string ValueOf(RegistryStage from, RegistryStage to, string by, string reason) =>
        JsonSerializer.Serialize(new Entry(from.ToString(), to.ToString(), by, reason), Json);

    /// <summary>
    /// Returns the time to record for a change: the given one, or a millisecond after the last recorded change if that is later. So the
    /// history keeps the order of the changes when two processes made them, or clocks differ.
    /// </summary>
    /// <param name="versions">All versions of the model, as they are before the change.</param>
    /// <param name="time">When the change was asked for.</param>
    public static DateTimeOffset TimeAfter(IEnumerable<ModelVersion> versions, DateTimeOffset time)
    {
        var last = Of(versions).Where(change => change.IsRecorded).Select(change => change.Time).DefaultIfEmpty(time.AddSeconds(-1)).Max();
        return last.AddMilliseconds(1) > time ? last.AddMilliseconds(1) : time;
    }

    /// <summary>Reads the changes of some versions, oldest first. Tags that cannot be read are left out.</summary>
    public static IReadOnlyList<StageChange> Of(IEnumerable<ModelVersion> versions)
    {
        ArgumentNullException.ThrowIfNull(versions);
        return
        [
            .. versions.SelectMany(OfVersion)
                .OrderBy(change => change.Time)
                .ThenBy(change => change.To == RegistryStage.Archived ? 0 : 1), // who leaves, before who comes
        ];
    }

    /// <summary>Returns the change by which a version came into a stage that it had at a time; null if no version had it.</summary>
    /// <param name="versions">All versions of a model.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="time">The time.</param>
    public static StageChange? At(IEnumerable<ModelVersion> versions, RegistryStage stage, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(versions);
        var holders = new Dictionary<int, StageChange>();
        foreach (var change in Of(versions).Where(change => change.Time <= time))
        {
            holders.Remove(change.Version);
            if (change.To == stage) holders[change.Version] = change;
        }

        return holders.Values.OrderByDescending(change => change.Time).ThenByDescending(change => change.Version).FirstOrDefault();
    }

    private static IEnumerable<StageChange> OfVersion(ModelVersion version)
    {
        var last = RegistryStage.None;
        foreach (var (key, value) in version.Tags.Where(tag => tag.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            if (Read(version, key, value) is not { } change) continue;
            last = change.To;
            yield return change;
        }

        if (last != version.Stage)
        {
            yield return new(version.Name, version.Version, last, version.Stage, version.Updated, "", "", IsRecorded: false);
        }
    }

    private static StageChange? Read(ModelVersion version, string key, string value)
    {
        if (!long.TryParse(key.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Entry>(value, Json) is { } entry
                && Enum.TryParse<RegistryStage>(entry.From, out var from) && Enum.TryParse<RegistryStage>(entry.To, out var to)
                ? new(version.Name, version.Version, from, to, Time(milliseconds), entry.By ?? "", entry.Reason ?? "")
                : null;
        }
        catch (JsonException)
        {
            return null; // somebody edited the tag; the other records are still worth reading
        }
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // people read it in MLflow's page
    };

    private sealed record Entry(string? From, string? To, string? By, string? Reason);
}
