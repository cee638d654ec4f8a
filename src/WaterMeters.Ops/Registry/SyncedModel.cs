using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Registry;

/// <summary>
/// The file production_current.json beside models/production.*: which version the model is. production_history.jsonl has the same, one
/// line for each version. Both have the keys that the legacy pipeline's scripts wrote, and those of this module after them.
/// </summary>
internal sealed record SyncedModel
{
    private const string CurrentFile = "production_current.json", HistoryFile = "production_history.jsonl";

    private static readonly JsonSerializerOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Line) { WriteIndented = true };

    /// <summary>Name of the registered model; null in files of the legacy pipeline.</summary>
    public string? Name { get; init; }

    /// <summary>Version number; null when it is unknown.</summary>
    public int? Version { get; init; }

    /// <summary>Registry stage when it was copied; null when it is unknown.</summary>
    public ModelStage? Stage { get; init; }

    /// <summary>When it was copied.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>SHA-256 of the model file; null in files of the legacy pipeline.</summary>
    public string? Digest { get; init; }

    /// <summary>Address of the store; null in files of the legacy pipeline.</summary>
    public string? TrackingUri { get; init; }

    /// <summary>Reads the file in a folder; null when there is none, or it is damaged.</summary>
    public static SyncedModel? Read(string folder)
    {
        string file = Path.Combine(folder, CurrentFile);
        try
        {
            if (!File.Exists(file) || JsonNode.Parse(File.ReadAllText(file)) is not JsonObject json) return null;
            string? time = Text(json, "timestamp");
            return new SyncedModel
            {
                Name = Text(json, "name"),
                Version = int.TryParse(Text(json, "version"), NumberStyles.None, CultureInfo.InvariantCulture, out int version)
                    ? version
                    : null,
                Stage = Enum.TryParse(Text(json, "stage"), ignoreCase: true, out ModelStage stage) ? stage : null,
                Time = DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var written)
                    ? written
                    : File.GetLastWriteTimeUtc(file),
                Digest = Text(json, "model_digest"),
                TrackingUri = Text(json, "tracking_uri"),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Writes both files for a version that was copied to a folder.</summary>
    /// <exception cref="ModelException">A file cannot be written.</exception>
    public static void Write(string folder, RegisteredModelVersion version, Run? run, string modelPath, string digest, DateTimeOffset time)
    {
        var json = new JsonObject
        {
            ["version"] = version.Version.ToString(CultureInfo.InvariantCulture), // MLflow's own client has it as text
            ["run_id"] = version.RunId,
            ["stage"] = version.Stage.ToString(),
            ["timestamp"] = Iso(time),
            ["created_at"] = Iso(version.Created),
            ["metrics"] = Sorted(run?.Metrics.Where(m => double.IsFinite(m.Value.Value)), metric => JsonValue.Create(metric.Value)),
            ["params"] = Sorted(run?.Parameters, text => JsonValue.Create(text)),
            ["name"] = version.ModelName,
            ["model_file"] = Path.GetFileName(modelPath),
            ["model_digest"] = digest,
            ["tracking_uri"] = version.TrackingUri,
        };
        string history = Path.Combine(folder, HistoryFile);
        try
        {
            AtomicFile.WriteText(Path.Combine(folder, CurrentFile), json.ToJsonString(Indented) + "\n");
            Append(history, json.ToJsonString(Line));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(
                modelPath,
                $"'{modelPath}' is version {version.Version.ToString(CultureInfo.InvariantCulture)} now, but that cannot be written to "
                    + $"'{folder}': {e.Sentence()} Free disk space, or fix the permissions, and run Sync-WmsModel -Force.",
                e);
        }
    }

    /// <summary>Returns the model file in a folder; null when there is none.</summary>
    public static string? FileIn(string folder) =>
        ModelFile.Extensions.Select(extension => Path.Combine(folder, "production" + extension)).FirstOrDefault(File.Exists);

    /// <summary>Returns an age in words: <c>3 days</c>.</summary>
    public static string Age(TimeSpan age)
    {
        var (count, unit) = age switch
        {
            { TotalDays: >= 2 } => (age.TotalDays, "days"),
            { TotalHours: >= 2 } => (age.TotalHours, "hours"),
            { TotalMinutes: >= 2 } => (age.TotalMinutes, "minutes"),
            _ => (0, ""),
        };
        return unit.Length == 0 ? "less than two minutes" : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count)} {unit}");
    }

    private static void Append(string file, string line)
    {
        // A line that was cut, or written without an end, stays a line of its own.
        string before = "";
        if (File.Exists(file))
        {
            using var existing = File.OpenRead(file);
            if (existing.Length > 0)
            {
                existing.Seek(-1, SeekOrigin.End);
                if (existing.ReadByte() != '\n') before = "\n";
            }
        }

        File.AppendAllText(file, before + line + "\n");
    }

    private static JsonObject Sorted<T>(IEnumerable<KeyValuePair<string, T>>? values, Func<T, JsonNode?> node) =>
        new((values ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, node(pair.Value))));

    private static string Iso(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string? Text(JsonObject json, string key) => json[key] is JsonValue value ? value.ToString() : null;
}
