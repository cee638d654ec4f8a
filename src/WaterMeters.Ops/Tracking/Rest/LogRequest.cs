using System.Text.Json.Nodes;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>One request of <c>runs/log-batch</c>, within MLflow's limits.</summary>
/// <param name="Metrics">Metric values.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="Tags">Tags.</param>
internal sealed record LogRequest(
    IReadOnlyList<Metric> Metrics, IReadOnlyList<KeyValuePair<string, string>> Parameters, IReadOnlyList<KeyValuePair<string, string>> Tags)
{
    // {"run_id": "...", "metrics": [], ...}: what stands around the entries.
    private const int Frame = 200;

    /// <summary>Divides a batch into as few requests as the limits allow.</summary>
    public static IEnumerable<LogRequest> Divide(RunBatch batch)
    {
        var parameters = new Queue<KeyValuePair<string, string>>(batch.Parameters);
        var tags = new Queue<KeyValuePair<string, string>>(batch.Tags);
        var metrics = new Queue<Metric>(batch.Metrics);
        while (parameters.Count + tags.Count + metrics.Count > 0)
        {
            int entries = TrackingLimits.EntriesPerRequest, bytes = TrackingLimits.BytesPerRequest - Frame;
            var someParameters = Take(parameters, TrackingLimits.ParametersPerRequest, Size);
            var someTags = Take(tags, TrackingLimits.TagsPerRequest, Size);
            var someMetrics = Take(metrics, TrackingLimits.MetricsPerRequest, metric => ToJson(metric).ToJsonString().Length);
            yield return new LogRequest(someMetrics, someParameters, someTags);

            List<T> Take<T>(Queue<T> rest, int limit, Func<T, int> size)
            {
                var taken = new List<T>();
                while (taken.Count < limit && entries > 0 && rest.TryPeek(out var next) && size(next) is var length && length < bytes)
                {
                    taken.Add(rest.Dequeue());
                    entries--;
                    bytes -= length + 1;
                }

                return taken;
            }
        }

        static int Size(KeyValuePair<string, string> pair) => new[] { pair }.ToJson().ToJsonString().Length;
    }

    /// <summary>Returns the body of the request; lists without entries are left out, as MLflow's client does.</summary>
    public JsonObject Body(string runId)
    {
        var body = new JsonObject { ["run_id"] = runId };
        if (Metrics.Count > 0) body["metrics"] = new JsonArray([.. Metrics.Select(ToJson)]);
        if (Parameters.Count > 0) body["params"] = Parameters.ToJson();
        if (Tags.Count > 0) body["tags"] = Tags.ToJson();
        return body;
    }

    private static JsonNode ToJson(Metric metric) => new JsonObject
    {
        ["key"] = metric.Key,
        ["value"] = metric.Value switch
        {
            double.NaN => "NaN",
            double.PositiveInfinity => "Infinity",
            double.NegativeInfinity => "-Infinity",
            _ => metric.Value,
        },
        ["timestamp"] = metric.Time.ToUnixTimeMilliseconds(),
        ["step"] = metric.Step,
    };
}
