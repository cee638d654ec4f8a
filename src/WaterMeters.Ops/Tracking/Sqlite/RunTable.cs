using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>Runs in a database: creating, reading, listing.</summary>
internal static class RunTable
{
    private const string Columns =
        "r.run_uuid, r.name, r.experiment_id, r.status, r.start_time, r.end_time, r.user_id, r.artifact_uri, r.lifecycle_stage";

    /// <summary>Inserts a run.</summary>
    public static Run Create(Session session, NewRun run)
    {
        var experiment = ExperimentTable.Get(session, run.ExperimentId);
        string id = Guid.NewGuid().ToString("N");
        session.Execute(
            """
            INSERT INTO runs
                (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, source_version,
                lifecycle_stage, artifact_uri, experiment_id, deleted_time)
            VALUES ($id, $name, 'UNKNOWN', '', '', $user, 'RUNNING', $start, NULL, '', 'active', $address, $experiment, NULL)
            """,
            ("$id", id),
            ("$name", run.Name),
            ("$user", run.User),
            ("$start", run.Start.ToUnixTimeMilliseconds()),
            ("$address", ArtifactAddress.OfNewRun(experiment, id)),
            ("$experiment", long.Parse(experiment.Id, CultureInfo.InvariantCulture)));

        var tags = new Dictionary<string, string>(run.Tags, StringComparer.Ordinal) { [MlflowTags.RunName] = run.Name };
        if (run.User.Length > 0) tags.TryAdd(MlflowTags.User, run.User);
        foreach (var (key, value) in tags) RunLog.SetTag(session, id, key, value);
        return Get(session, id);
    }

    /// <summary>Changes the state of an active run.</summary>
    public static Run Update(Session session, string id, RunStatus status, DateTimeOffset? ended)
    {
        CheckActive(session, id);
        session.Execute(
            "UPDATE runs SET status = $status, end_time = $end WHERE run_uuid = $id",
            ("$status", status.ToString().ToUpperInvariant()),
            ("$end", ended?.ToUnixTimeMilliseconds()),
            ("$id", id));
        return Get(session, id);
    }

    /// <summary>Reads a run.</summary>
    public static Run Get(Session session, string id) => GetMany(session, [id]) is [var run] ? run : throw NotFound(session.Path, id);

    /// <summary>Reads the runs that exist.</summary>
    public static IReadOnlyList<Run> GetMany(Session session, IReadOnlyCollection<string> ids) => WithEntries(
        session,
        session.Query(
            $"SELECT {Columns} FROM runs AS r WHERE r.run_uuid IN (SELECT value FROM json_each($ids))", Read, ("$ids", Json(ids))));

    /// <summary>Lists active runs, newest first.</summary>
    public static IReadOnlyList<Run> List(Session session, RunQuery query)
    {
        var sql = new StringBuilder(
            $"""
            SELECT {Columns} FROM runs AS r JOIN experiments AS e ON e.experiment_id = r.experiment_id
            WHERE r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'{session.Schema.AndWorkspace("e")}
            """);
        var values = new List<(string, object?)>();
        if (query.ExperimentIds is { } experiments)
        {
            sql.Append(" AND r.experiment_id IN (SELECT CAST(value AS INTEGER) FROM json_each($experiments))");
            values.Add(("$experiments", Json(experiments)));
        }

        if (query.Status is { } status)
        {
            sql.Append(" AND r.status = $status");
            values.Add(("$status", status.ToString().ToUpperInvariant()));
        }

        if (query.Name is { } name)
        {
            sql.Append(" AND r.name = $name");
            values.Add(("$name", name));
        }

        foreach (var (number, (key, value)) in query.Tags.Index())
        {
            string n = number.ToString(CultureInfo.InvariantCulture);
            sql.Append(
                CultureInfo.InvariantCulture,
                $" AND EXISTS (SELECT 1 FROM tags WHERE run_uuid = r.run_uuid AND key = $key{n} AND value = $value{n})");
            values.Add(($"$key{n}", key));
            values.Add(($"$value{n}", value));
        }

        sql.Append(" ORDER BY r.start_time DESC, r.run_uuid LIMIT $limit");
        values.Add(("$limit", query.Limit ?? -1));
        return WithEntries(session, session.Query(sql.ToString(), Read, [.. values]));
    }

    /// <summary>Checks that a run exists and was not deleted.</summary>
    public static void CheckActive(Session session, string id)
    {
        var stages = session.Query("SELECT lifecycle_stage FROM runs WHERE run_uuid = $id", row => row.TextOrEmpty(0), ("$id", id));
        if (stages is not [var stage]) throw NotFound(session.Path, id);
        if (stage == "active") return;
        throw new TrackingException(
            TrackingFault.Deleted,
            id,
            $"The run '{id}' was deleted. Restore it: mlflow runs restore --run-id {id}, with MLFLOW_TRACKING_URI="
                + $"{SqliteAddress.Of(session.Path)}.");
    }

    /// <summary>The error of a run that does not exist.</summary>
    public static TrackingException NotFound(string path, string id) => new(
        TrackingFault.NotFound, id, $"There is no run '{id}' in '{path}'. Get-WmsRun lists all.");

    private static IReadOnlyList<Run> WithEntries(Session session, List<Run> runs)
    {
        if (runs.Count == 0) return runs;
        string ids = Json([.. runs.Select(run => run.Id)]);
        var complete = new Run[runs.Count];
        session.Query(
            $"""
            SELECT run.key,
                (SELECT {LoggedValues.OfMetrics} FROM latest_metrics WHERE run_uuid = run.value),
                (SELECT {LoggedValues.OfTexts} FROM params WHERE run_uuid = run.value),
                (SELECT {LoggedValues.OfTexts} FROM tags WHERE run_uuid = run.value)
            FROM json_each($ids) AS run
            """,
            row =>
            {
                int index = row.GetInt32(0); // instead of ORDER BY, which would copy all the texts to sort them
                return complete[index] = runs[index] with
                {
                    Metrics = LoggedValues.Metrics(row.GetString(1)),
                    Parameters = LoggedValues.Texts(row.GetString(2)),
                    Tags = LoggedValues.Texts(row.GetString(3)),
                };
            },
            ("$ids", ids));
        return complete;
    }

    private static Run Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.TextOrEmpty(1),
        ExperimentId = row.NumberOrZero(2).ToString(CultureInfo.InvariantCulture),
        Status = Enum.TryParse<RunStatus>(row.TextOrEmpty(3), ignoreCase: true, out var status) ? status : RunStatus.Running,
        Start = StoredTime.From(row.NumberOrZero(4)),
        End = row.IsDBNull(5) ? null : StoredTime.From(row.GetInt64(5)),
        User = row.TextOrEmpty(6),
        ArtifactAddress = row.TextOrEmpty(7),
        IsDeleted = row.TextOrEmpty(8) == "deleted",
        Metrics = new Dictionary<string, Metric>(),
        Parameters = new Dictionary<string, string>(),
        Tags = new Dictionary<string, string>(),
    };

    private static string Json(IReadOnlyCollection<string> values) => JsonSerializer.Serialize(values);
}
