using System.Globalization;

namespace WaterMeters.Ops.Tracking.Rest;

public sealed partial class RestTrackingStore
{
    private const int MetricsPerPage = 25000;

    /// <inheritdoc/>
    public void Log(string runId, RunBatch batch, CancellationToken cancellation)
    {
        TrackingLimits.Check(batch);
        foreach (var part in LogRequest.Divide(batch))
        {
            server.Repeat(
                mayBeDone =>
                {
                    bool ask = mayBeDone && part.Metrics.Count > 0;
                    var missing = ask ? part with { Metrics = Missing(runId, part.Metrics, cancellation) } : part;
                    return server.CallOnce(MlflowRequest.Post("runs/log-batch", runId, missing.Body(runId)), cancellation);
                },
                cancellation);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Metric> GetMetricHistory(string runId, string key, CancellationToken cancellation)
    {
        Metric[] metrics = [.. server.Pages(History(runId, key), "metrics", cancellation).Select(Answers.Metric)];

        // Servers answer with an empty list for a run that does not exist, too.
        if (metrics.Length == 0) GetRun(runId, cancellation);
        return [.. metrics.OrderBy(metric => metric.Step).ThenBy(metric => metric.Time)];
    }

    /// <summary>
    /// Returns the metric values that a request without an answer did not bring to the server. Some stores of MLflow would hold the others
    /// twice if they were sent again; parameters and tags can be sent as often as one likes.
    /// </summary>
    private List<Metric> Missing(string runId, IReadOnlyList<Metric> metrics, CancellationToken cancellation)
    {
        var there = new HashSet<(string, long, long, double)>();
        foreach (string key in metrics.Select(metric => metric.Key).Distinct(StringComparer.Ordinal))
        {
            var request = History(runId, key);
            for (string token = ""; ;)
            {
                var page = server.CallOnce(token.Length == 0 ? request : request.WithPage(token), cancellation);
                there.UnionWith(page.Objects("metrics").Select(json => Identity(Answers.Metric(json))));
                string next = page.Text("next_page_token");
                if (next.Length == 0 || next == token) break;
                token = next;
            }
        }

        return [.. metrics.Where(metric => !there.Contains(Identity(metric)))];
    }

    private static (string Key, long Step, long Time, double Value) Identity(Metric metric) =>
        (metric.Key, metric.Step, metric.Time.ToUnixTimeMilliseconds(), metric.Value);

    private static MlflowRequest History(string runId, string key) => MlflowRequest.Get(
        "metrics/get-history",
        runId,
        ("run_uuid", runId),
        ("metric_key", key),
        ("run_id", runId),
        ("max_results", MetricsPerPage.ToString(CultureInfo.InvariantCulture)));
}
