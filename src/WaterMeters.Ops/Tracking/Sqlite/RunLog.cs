using Microsoft.Data.Sqlite;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>What is logged to runs: metrics, parameters, tags.</summary>
internal static class RunLog
{
    /// <summary>Columns that <see cref="ReadMetric"/> reads.</summary>
    public const string MetricColumns = "key, value, timestamp, step, is_nan";

    /// <summary>Logs a batch to an active run.</summary>
    public static void Log(Session session, string runId, RunBatch batch)
    {
        RunTable.CheckActive(session, runId);
        foreach (var metric in batch.Metrics) AddMetric(session, runId, metric);
        foreach (var (key, value) in batch.Parameters) AddParameter(session, runId, key, value);
        foreach (var (key, value) in batch.Tags)
        {
            SetTag(session, runId, key, value);
            if (key == MlflowTags.RunName)
            {
                session.Execute("UPDATE runs SET name = $name WHERE run_uuid = $id", ("$name", value), ("$id", runId));
            }
        }
    }

    /// <summary>Sets a tag of a run.</summary>
    public static void SetTag(Session session, string runId, string key, string value) => session.Execute(
        """
        INSERT INTO tags (key, value, run_uuid) VALUES ($key, $value, $id)
        ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value
        """,
        ("$key", key),
        ("$value", value),
        ("$id", runId));

    /// <summary>Reads all values of a metric.</summary>
    public static IReadOnlyList<Metric> History(Session session, string runId, string key)
    {
        if (session.Query("SELECT 1 FROM runs WHERE run_uuid = $id", _ => true, ("$id", runId)).Count == 0)
        {
            throw RunTable.NotFound(session.Path, runId);
        }

        return session.Query(
            $"SELECT {MetricColumns} FROM metrics WHERE run_uuid = $id AND key = $key ORDER BY step, timestamp, value",
            row => ReadMetric(row, 0),
            ("$id", runId),
            ("$key", key));
    }

    /// <summary>Reads a metric from <see cref="MetricColumns"/>.</summary>
    public static Metric ReadMetric(SqliteDataReader row, int column) => new(
        row.GetString(column),
        row.GetBoolean(column + 4) ? double.NaN : StoredMetric.From(row.GetDouble(column + 1)),
        StoredTime.From(row.NumberOrZero(column + 2)),
        row.NumberOrZero(column + 3));

    private static void AddMetric(Session session, string runId, Metric metric)
    {
        ReadOnlySpan<(string, object?)> values =
        [
            ("$key", metric.Key),
            ("$value", double.IsNaN(metric.Value) ? 0 : StoredMetric.Of(metric.Value)),
            ("$time", metric.Time.ToUnixTimeMilliseconds()),
            ("$id", runId),
            ("$step", metric.Step),
            ("$nan", double.IsNaN(metric.Value) ? 1 : 0),
        ];
        session.Execute(
            """
            INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES ($key, $value, $time, $id, $step, $nan)
            ON CONFLICT DO NOTHING
            """,
            values);
        session.Execute(
            """
            INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES ($key, $value, $time, $step, $nan, $id)
            ON CONFLICT (key, run_uuid) DO UPDATE
            SET value = excluded.value, timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan
            WHERE (excluded.step, excluded.timestamp, excluded.value) > (step, timestamp, value)
            """,
            values);
    }

    private static void AddParameter(Session session, string runId, string key, string value)
    {
        int added = session.Execute(
            "INSERT INTO params (key, value, run_uuid) VALUES ($key, $value, $id) ON CONFLICT DO NOTHING",
            ("$key", key),
            ("$value", value),
            ("$id", runId));
        if (added > 0) return;
        string there = session.Query(
            "SELECT value FROM params WHERE run_uuid = $id AND key = $key", row => row.GetString(0), ("$id", runId), ("$key", key))[0];
        if (there == value) return;
        throw new TrackingException(
            TrackingFault.InvalidValue,
            key,
            $"The run '{runId}' has the parameter '{key}' with the value '{there}' already; a parameter cannot change to '{value}'. "
                + "Log it under another name, or as a tag.");
    }
}
