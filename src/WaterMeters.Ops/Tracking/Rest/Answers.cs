using System.Text.Json.Nodes;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>Reads runs, models and versions out of MLflow's answers.</summary>
internal static class Answers
{
    /// <summary>What MLflow's client writes where it does not know a user.</summary>
    public const string UnknownUser = "unknown";

    /// <summary>Whether an experiment or a run was deleted.</summary>
    public static bool IsDeleted(JsonObject info) => info.Text("lifecycle_stage") == "deleted";

    /// <summary>Reads an experiment.</summary>
    public static Experiment Experiment(JsonObject json) =>
        new(json.Text("experiment_id"), json.Text("name"), json.Text("artifact_location"));

    /// <summary>Reads a run: <c>info</c> and <c>data</c>.</summary>
    public static Run Run(JsonObject json)
    {
        JsonObject info = json.Object("info"), data = json.Object("data");
        var tags = data.Pairs("tags");
        string name = info.Text("run_name");
        return new Run
        {
            Id = info.Text("run_id") is { Length: > 0 } id ? id : info.Text("run_uuid"),
            Name = name.Length > 0 ? name : tags.GetValueOrDefault(MlflowTags.RunName, ""),
            ExperimentId = info.Text("experiment_id"),
            Status = Enum.TryParse<RunStatus>(info.Text("status"), ignoreCase: true, out var status) ? status : RunStatus.Running,
            Start = info.Time("start_time"),
            End = info.TimeOrNull("end_time"),
            User = info.Text("user_id") is not UnknownUser and string user ? user : "",
            ArtifactAddress = info.Text("artifact_uri"),
            IsDeleted = IsDeleted(info),
            Metrics = Latest(data.Objects("metrics").Select(Metric)),
            Parameters = data.Pairs("params"),
            Tags = tags,
        };
    }

    /// <summary>Reads a value of a metric.</summary>
    public static Metric Metric(JsonObject json) => new(json.Text("key"), json.Number("value"), json.Time("timestamp"), json.Whole("step"));

    /// <summary>Reads a registered model.</summary>
    public static RegisteredModel Model(JsonObject json) => new()
    {
        Name = json.Text("name"),
        Description = json.Text("description"),
        Created = json.Time("creation_timestamp"),
        Updated = json.Time("last_updated_timestamp"),
        Tags = json.Pairs("tags"),
        Aliases = json.Objects("aliases")
            .GroupBy(alias => alias.Text("alias"), alias => (int)alias.Whole("version"), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal),
    };

    /// <summary>Reads a version.</summary>
    public static ModelVersion Version(JsonObject json) => new()
    {
        Name = json.Text("name"),
        Version = (int)json.Whole("version"),
        Stage = Enum.TryParse<RegistryStage>(json.Text("current_stage"), ignoreCase: true, out var stage) ? stage : RegistryStage.None,
        Created = json.Time("creation_timestamp"),
        Updated = json.Time("last_updated_timestamp"),
        Description = json.Text("description"),
        User = json.Text("user_id"),
        Source = json.Text("source"),
        RunId = json.Text("run_id"),
        IsReady = json.Text("status") is "" or "READY",
        Tags = json.Pairs("tags"),
        Aliases = [.. (json["aliases"] as JsonArray ?? []).OfType<JsonValue>().Select(alias => alias.ToString())],
    };

    private static Dictionary<string, Metric> Latest(IEnumerable<Metric> metrics)
    {
        var latest = new Dictionary<string, Metric>(StringComparer.Ordinal);
        foreach (var metric in metrics) latest[metric.Key] = metric;
        return latest;
    }
}
