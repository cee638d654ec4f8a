using WaterMeters.Ops.Tracking.Artifacts;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>Where the files of a version are: its source and its storage location.</summary>
internal static class VersionSource
{
    private const string Runs = "runs:/", Models = "models:/";

    /// <summary>Returns a source as MLflow stores it: <c>runs:/ID/PATH</c> becomes an address below the run's artifacts.</summary>
    public static string Resolve(Session session, string source)
    {
        if (!source.StartsWith(Runs, StringComparison.Ordinal)) return source;
        string[] parts = source[Runs.Length..].Trim('/').Split('/', 2);
        string address = RunTable.Get(session, parts[0]).ArtifactAddress;
        return parts.Length == 1 ? address : $"{address.TrimEnd('/')}/{ArtifactPath.CheckFolder(parts[1])}";
    }

    /// <summary>Returns where the files of a source are; for <c>models:/m-ID</c> the folder of the logged model.</summary>
    public static string StorageOf(Session session, string source)
    {
        if (!source.StartsWith(Models, StringComparison.Ordinal)) return source;
        string id = source[Models.Length..].Trim('/');
        var folders = session.Schema.HasLoggedModels
            ? session.Query("SELECT artifact_location FROM logged_models WHERE model_id = $id", row => row.GetString(0), ("$id", id))
            : [];
        return folders is [var folder] ? folder : throw new TrackingException(
            TrackingFault.NotFound,
            source,
            $"There is no logged model '{id}' in '{session.Path}'. Name a run or a folder as the source.");
    }

    /// <summary>Returns the address of a version's files.</summary>
    public static string AddressOf(Session session, ModelVersion version)
    {
        string stored = session.Query(
            $"""
            SELECT v.storage_location FROM model_versions AS v
            WHERE v.name = $name AND v.version = $version{session.Schema.AndWorkspace("v")}
            """,
            row => row.TextOrEmpty(0),
            ("$name", version.Name),
            ("$version", version.Version)).FirstOrDefault("");
        return stored.Length > 0 ? stored : StorageOf(session, Resolve(session, version.Source));
    }
}
