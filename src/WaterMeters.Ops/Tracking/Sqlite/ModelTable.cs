namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>Registered models and their aliases in a database.</summary>
internal static class ModelTable
{
    /// <summary>Lists the models by name.</summary>
    public static IReadOnlyList<RegisteredModel> List(Session session) => Read(session, "");

    /// <summary>Finds a model.</summary>
    public static RegisteredModel? Find(Session session, string name) =>
        Read(session, " AND m.name = $name", ("$name", name)) is [var model] ? model : null;

    /// <summary>Returns or creates a model.</summary>
    public static RegisteredModel GetOrCreate(Session session, string name, string description)
    {
        if (Find(session, name) is { } there) return there;
        session.Execute(
            $"""
            INSERT INTO registered_models (name, creation_time, last_updated_time, description{session.Schema.CommaColumn})
            VALUES ($name, $now, $now, $description{session.Schema.CommaValue})
            """,
            ("$name", name),
            ("$now", StoredTime.Now),
            ("$description", description.Length == 0 ? null : description));
        return Find(session, name)!;
    }

    /// <summary>Checks that a model exists.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>.</exception>
    public static void Require(Session session, string name)
    {
        if (Find(session, name) is null) throw NotFound(session.Path, name);
    }

    /// <summary>The error of a model that does not exist.</summary>
    public static TrackingException NotFound(string path, string name) => new(
        TrackingFault.NotFound, name, $"There is no registered model '{name}' in '{path}'. Publish-WmsModel registers one.");

    /// <summary>Records that a model changed.</summary>
    public static void Touch(Session session, string name, long now) => session.Execute(
        $"UPDATE registered_models SET last_updated_time = $now WHERE name = $name{session.Schema.AndWorkspace("registered_models")}",
        ("$now", now),
        ("$name", name));

    /// <summary>Sets an alias. The key of the table is another one where there are workspaces, hence no upsert.</summary>
    public static void SetAlias(Session session, string name, string alias, int version)
    {
        ReadOnlySpan<(string, object?)> values = [("$name", name), ("$alias", alias), ("$version", version)];
        int changed = session.Execute(
            $"""
            UPDATE registered_model_aliases SET version = $version
            WHERE name = $name AND alias = $alias{session.Schema.AndWorkspace("registered_model_aliases")}
            """,
            values);
        if (changed > 0) return;
        session.Execute(
            $"""
            INSERT INTO registered_model_aliases (alias, version, name{session.Schema.CommaColumn})
            VALUES ($alias, $version, $name{session.Schema.CommaValue})
            """,
            values);
    }

    /// <summary>Removes an alias.</summary>
    public static void DeleteAlias(Session session, string name, string alias) => session.Execute(
        $"""
        DELETE FROM registered_model_aliases
        WHERE name = $name AND alias = $alias{session.Schema.AndWorkspace("registered_model_aliases")}
        """,
        ("$name", name),
        ("$alias", alias));

    private static List<RegisteredModel> Read(Session session, string condition, params ReadOnlySpan<(string, object?)> values)
    {
        var aliases = session.Query(
            $"SELECT m.name, m.alias, m.version FROM registered_model_aliases AS m WHERE 1{session.Schema.AndWorkspace("m")}{condition}",
            row => (Model: row.GetString(0), Key: row.GetString(1), Value: row.GetInt32(2)),
            values).ToLookup(row => row.Model);
        var tags = session.Query(
            $"SELECT m.name, m.key, m.value FROM registered_model_tags AS m WHERE 1{session.Schema.AndWorkspace("m")}{condition}",
            row => (Model: row.GetString(0), Key: row.GetString(1), Value: row.TextOrEmpty(2)),
            values).ToLookup(row => row.Model);
        return session.Query(
            $"""
            SELECT m.name, m.description, m.creation_time, m.last_updated_time FROM registered_models AS m
            WHERE 1{session.Schema.AndWorkspace("m")}{condition} ORDER BY m.name
            """,
            row => new RegisteredModel
            {
                Name = row.GetString(0),
                Description = row.TextOrEmpty(1),
                Created = StoredTime.From(row.NumberOrZero(2)),
                Updated = StoredTime.From(row.NumberOrZero(3)),
                Tags = tags[row.GetString(0)].ToDictionary(tag => tag.Key, tag => tag.Value),
                Aliases = aliases[row.GetString(0)].ToDictionary(alias => alias.Key, alias => alias.Value),
            },
            values);
    }
}
