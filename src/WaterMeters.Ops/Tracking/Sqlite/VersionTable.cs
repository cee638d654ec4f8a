using System.Globalization;
using Microsoft.Data.Sqlite;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>Versions of registered models in a database.</summary>
internal static class VersionTable
{
    // MLflow keeps the row of a deleted version, so that its number is not used again.
    private const string NotDeleted = "coalesce(v.current_stage, 'None') <> 'Deleted_Internal'";

    /// <summary>Inserts the next version of a model.</summary>
    public static ModelVersion Create(Session session, NewModelVersion version)
    {
        ModelTable.Require(session, version.Name);
        if (version.RunId.Length > 0) _ = RunTable.Get(session, version.RunId);
        string source = VersionSource.Resolve(session, version.Source);
        TrackingLimits.Check(version with { Source = source });
        int number = session.Query(
            $"SELECT coalesce(max(version), 0) + 1 FROM model_versions AS v WHERE v.name = $name{session.Schema.AndWorkspace("v")}",
            row => row.GetInt32(0),
            ("$name", version.Name))[0];
        long now = StoredTime.Now;
        session.Execute(
            $"""
            INSERT INTO model_versions
                (name, version, creation_time, last_updated_time, description, user_id, current_stage, source, run_id, status,
                status_message, run_link, storage_location{session.Schema.CommaColumn})
            VALUES ($name, $version, $now, $now, $description, NULL, 'None', $source, $run, 'READY', NULL, NULL,
                $location{session.Schema.CommaValue})
            """,
            ("$name", version.Name),
            ("$version", number),
            ("$now", now),
            ("$description", NullIfEmpty(version.Description)),
            ("$source", source),
            ("$run", NullIfEmpty(version.RunId)),
            ("$location", VersionSource.StorageOf(session, source)));
        SetTags(session, version.Name, number, version.Tags);
        ModelTable.Touch(session, version.Name, now);
        return Get(session, version.Name, number);
    }

    /// <summary>Reads a version.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>.</exception>
    public static ModelVersion Get(Session session, string name, int version)
    {
        var rows = Read(session, " AND v.name = $name AND v.version = $version", ("$name", name), ("$version", version));
        if (rows is [var found]) return found;
        ModelTable.Require(session, name);
        throw new TrackingException(
            TrackingFault.NotFound,
            version.ToString(CultureInfo.InvariantCulture),
            FormattableString.Invariant($"The model '{name}' has no version {version}. Get-WmsModel -All lists its versions."));
    }

    /// <summary>Lists the versions of a model, newest first.</summary>
    public static IReadOnlyList<ModelVersion> List(Session session, string name) =>
        Read(session, " AND v.name = $name", ("$name", name));

    /// <summary>Finds the version that an alias leads to.</summary>
    public static ModelVersion? FindAlias(Session session, string name, string alias) =>
        ModelTable.Find(session, name) is { } model && model.Aliases.TryGetValue(alias, out int version)
            ? Get(session, name, version)
            : null;

    /// <summary>Sets tags of a version that exists.</summary>
    public static void SetTags(Session session, string name, int version, IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (key, value) in tags)
        {
            ReadOnlySpan<(string, object?)> values = [("$name", name), ("$version", version), ("$key", key), ("$value", value)];
            int changed = session.Execute(
                $"""
                UPDATE model_version_tags SET value = $value
                WHERE name = $name AND version = $version AND key = $key{session.Schema.AndWorkspace("model_version_tags")}
                """,
                values);
            if (changed > 0) continue;
            session.Execute(
                $"""
                INSERT INTO model_version_tags (key, value, name, version{session.Schema.CommaColumn})
                VALUES ($key, $value, $name, $version{session.Schema.CommaValue})
                """,
                values);
        }
    }

    /// <summary>Changes a stage, records the change, archives others and sets the alias.</summary>
    public static StageResult SetStage(Session session, StageRequest request)
    {
        var before = Get(session, request.Name, request.Version);
        var all = List(session, request.Name);
        var others = request.ArchiveOthers && request.Stage is RegistryStage.Staging or RegistryStage.Production
            ? all.Where(other => other.Stage == request.Stage && other.Version != request.Version).ToList()
            : [];
        request.CheckReplaced(others);

        // The call that waited for the lock comes after the one that held it, even with an older time.
        var time = StageHistory.TimeAfter(all, request.Time);
        foreach (var other in others) Move(session, other, RegistryStage.Archived, request, time);
        if (before.Stage != request.Stage) Move(session, before, request.Stage, request, time);
        if (request.Alias is { } alias) ModelTable.SetAlias(session, request.Name, alias, request.Version);
        ModelTable.Touch(session, request.Name, time.ToUnixTimeMilliseconds());
        return new(
            Get(session, request.Name, request.Version),
            before.Stage,
            [.. others.Select(other => Get(session, other.Name, other.Version))]);
    }

    private static void Move(Session session, ModelVersion version, RegistryStage stage, StageRequest request, DateTimeOffset time)
    {
        session.Execute(
            $"""
            UPDATE model_versions SET current_stage = $stage, last_updated_time = $time
            WHERE name = $name AND version = $version{session.Schema.AndWorkspace("model_versions")}
            """,
            ("$stage", stage.ToString()),
            ("$time", time.ToUnixTimeMilliseconds()),
            ("$name", version.Name),
            ("$version", version.Version));
        var record = new Dictionary<string, string>
        {
            [StageHistory.KeyOf(time)] = StageHistory.ValueOf(version.Stage, stage, request.By, request.Reason),
        };
        SetTags(session, version.Name, version.Version, record);
    }

    private static List<ModelVersion> Read(Session session, string condition, params ReadOnlySpan<(string, object?)> values)
    {
        var tags = session.Query(
            $"""
            SELECT v.name, v.version, {LoggedValues.OfTexts} FROM model_version_tags AS v
            WHERE 1{session.Schema.AndWorkspace("v")}{condition} GROUP BY v.name, v.version
            """,
            row => ((row.GetString(0), row.GetInt32(1)), LoggedValues.Texts(row.GetString(2))),
            values).ToDictionary();
        var aliases = session.Query(
            $"SELECT v.name, v.version, v.alias FROM registered_model_aliases AS v WHERE 1{session.Schema.AndWorkspace("v")}{condition}",
            row => (Version: (row.GetString(0), row.GetInt32(1)), Alias: row.GetString(2)),
            values).ToLookup(row => row.Version, row => row.Alias);
        return session.Query(
            $"""
            SELECT v.name, v.version, v.current_stage, v.creation_time, v.last_updated_time, v.description, v.user_id, v.source, v.run_id,
                v.status
            FROM model_versions AS v WHERE {NotDeleted}{session.Schema.AndWorkspace("v")}{condition} ORDER BY v.version DESC
            """,
            row => ReadRow(row) with
            {
                Tags = tags.GetValueOrDefault((row.GetString(0), row.GetInt32(1))) ?? [],
                Aliases = [.. aliases[(row.GetString(0), row.GetInt32(1))].Order(StringComparer.Ordinal)],
            },
            values);
    }

    private static ModelVersion ReadRow(SqliteDataReader row) => new()
    {
        Name = row.GetString(0),
        Version = row.GetInt32(1),
        Stage = Enum.TryParse<RegistryStage>(row.TextOrEmpty(2), ignoreCase: true, out var stage) ? stage : RegistryStage.None,
        Created = StoredTime.From(row.NumberOrZero(3)),
        Updated = StoredTime.From(row.NumberOrZero(4)),
        Description = row.TextOrEmpty(5),
        User = row.TextOrEmpty(6),
        Source = row.TextOrEmpty(7),
        RunId = row.TextOrEmpty(8),
        IsReady = row.TextOrEmpty(9) is "" or "READY",
        Tags = new Dictionary<string, string>(),
        Aliases = [],
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
