using System.Collections.Frozen;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>
/// What a database has. MLflow's revisions only add to what we use, so a database is judged by its columns and not by the number of its
/// revision: one whose columns we know can be read, and written unless a table demands a value that we do not know.
/// </summary>
internal sealed class Schema
{
    private const string WorkspaceColumn = "workspace";

    private static readonly FrozenDictionary<string, string[]> Used = new Dictionary<string, string[]>
    {
        ["experiments"] = ["experiment_id", "name", "artifact_location", "lifecycle_stage", "creation_time", "last_update_time"],
        ["runs"] =
        [
            "run_uuid", "name", "source_type", "source_name", "entry_point_name", "user_id", "status", "start_time", "end_time",
            "source_version", "lifecycle_stage", "artifact_uri", "experiment_id", "deleted_time",
        ],
        ["metrics"] = ["key", "value", "timestamp", "run_uuid", "step", "is_nan"],
        ["latest_metrics"] = ["key", "value", "timestamp", "run_uuid", "step", "is_nan"],
        ["params"] = ["key", "value", "run_uuid"],
        ["tags"] = ["key", "value", "run_uuid"],
        ["registered_models"] = ["name", "creation_time", "last_updated_time", "description"],
        ["registered_model_tags"] = ["key", "value", "name"],
        ["registered_model_aliases"] = ["alias", "version", "name"],
        ["model_versions"] =
        [
            "name", "version", "creation_time", "last_updated_time", "description", "user_id", "current_stage", "source", "run_id",
            "status", "status_message", "run_link", "storage_location",
        ],
        ["model_version_tags"] = ["key", "value", "name", "version"],
    }.ToFrozenDictionary();

    private readonly string path;
    private readonly string[] missing;
    private readonly string[] unknown;

    private Schema(string path, string revision, ILookup<string, Column> columns)
    {
        (this.path, Revision) = (path, revision);
        HasWorkspaces = columns["experiments"].Any(c => c.Name == WorkspaceColumn);
        HasLoggedModels = columns["logged_models"].Any(c => c.Name == "artifact_location");
        missing =
        [
            .. from table in Used
               from column in table.Value
               where columns[table.Key].All(c => !c.Name.Equals(column, StringComparison.OrdinalIgnoreCase))
               select $"{table.Key}.{column}",
        ];
        unknown =
        [
            .. from table in Used
               from column in columns[table.Key]
               where column.IsDemanded && !table.Value.Contains(column.Name, StringComparer.OrdinalIgnoreCase)
               select $"{table.Key}.{column.Name}",
        ];
    }

    /// <summary>Alembic revision.</summary>
    public string Revision { get; }

    /// <summary>Whether experiments and models belong to workspaces (MLflow 3.10 and later).</summary>
    public bool HasWorkspaces { get; }

    /// <summary>Whether there are logged models, which a version's source can name (MLflow 3).</summary>
    public bool HasLoggedModels { get; }

    /// <summary>Condition that keeps other workspaces out, for the end of a WHERE clause.</summary>
    public string AndWorkspace(string table) => HasWorkspaces ? $" AND {table}.{WorkspaceColumn} = $workspace" : "";

    /// <summary>A column for an INSERT, with its comma.</summary>
    public string CommaColumn => HasWorkspaces ? $", {WorkspaceColumn}" : "";

    /// <summary>The column's value, with its comma.</summary>
    public string CommaValue => HasWorkspaces ? ", $workspace" : "";

    /// <summary>Reads the schema of a database; null if it is empty.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.UnsupportedAddress"/>: not an MLflow database.</exception>
    public static Schema? Read(Session session)
    {
        var columns = session.Query(
            """
            SELECT t.name, c.name, c."notnull", c.dflt_value IS NOT NULL
            FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table'
            """,
            row => new Column(row.GetString(0), row.GetString(1), row.GetBoolean(2) && !row.GetBoolean(3)))
            .ToLookup(column => column.Table, StringComparer.OrdinalIgnoreCase);
        if (columns.Count == 0) return null;
        if (!columns.Contains("alembic_version") || !columns.Contains("experiments"))
        {
            throw new TrackingException(
                TrackingFault.UnsupportedAddress,
                session.Path,
                $"'{session.Path}' is a database, but not one of MLflow. Name another file in MLFLOW_TRACKING_URI, or rename this one.");
        }

        string revision = session.Query("SELECT version_num FROM alembic_version", row => row.GetString(0)).FirstOrDefault() ?? "";
        return new Schema(session.Path, revision, columns);
    }

    /// <summary>Checks that the columns are there that we read or write.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.UnknownSchema"/>.</exception>
    public void Check(bool write)
    {
        if (missing.Length > 0)
        {
            throw Unknown(
                $"'{path}' has revision '{Revision}' of MLflow's schema, without the column {missing[0]}. "
                    + $"Bring it to a newer revision: mlflow db upgrade {SqliteAddress.Of(path)} (make a copy of the file first).");
        }

        if (write && unknown.Length > 0)
        {
            throw Unknown(
                $"'{path}' has revision '{Revision}' of MLflow's schema. Its column {unknown[0]} needs a value that this version of "
                    + "WaterMeters does not know, so the database can be read but not written. Install a newer version of WaterMeters, "
                    + "or set MLFLOW_TRACKING_URI to an MLflow server that uses this database.");
        }
    }

    private TrackingException Unknown(string message) => new(TrackingFault.UnknownSchema, path, message);

    private sealed record Column(string Table, string Name, bool IsDemanded);
}
