namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>Experiments in a database.</summary>
internal static class ExperimentTable
{
    private const string Columns = "e.experiment_id, e.name, e.artifact_location, e.lifecycle_stage";

    /// <summary>Inserts MLflow's experiment 0: MLflow makes it only in a database that has no experiment.</summary>
    public static void InsertDefault(Session session) => Insert(session, 0, "Default", ArtifactAddress.OfExperiment(0));

    /// <summary>Lists active experiments.</summary>
    public static IReadOnlyList<Experiment> List(Session session) => session.Query(
        $"SELECT {Columns} FROM experiments AS e WHERE e.lifecycle_stage = 'active'{session.Schema.AndWorkspace("e")} ORDER BY 1",
        row => Read(row).Experiment);

    /// <summary>Finds an active experiment by name.</summary>
    public static Experiment? Find(Session session, string name) =>
        ByName(session, name) is (var experiment, true) ? experiment : null;

    /// <summary>Returns or creates the experiment of a name.</summary>
    public static Experiment GetOrCreate(Session session, string name)
    {
        if (ByName(session, name) is var (experiment, active))
        {
            return active ? experiment : throw new TrackingException(
                TrackingFault.Deleted,
                name,
                $"The experiment '{name}' was deleted, and its name cannot be used again until it is removed. Restore it: "
                    + $"mlflow experiments restore --experiment-id {experiment.Id}, with MLFLOW_TRACKING_URI="
                    + $"{SqliteAddress.Of(session.Path)}. Or choose another name.");
        }

        long id = session.Query("SELECT coalesce(max(experiment_id), 0) + 1 FROM experiments", row => row.GetInt64(0))[0];
        string address = ArtifactAddress.OfNewExperiment(id, DefaultAddress(session));
        Insert(session, id, name, address);
        return new(Text(id), name, address);
    }

    /// <summary>Reads an active experiment.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>.</exception>
    public static Experiment Get(Session session, string id)
    {
        var found = long.TryParse(id, System.Globalization.CultureInfo.InvariantCulture, out long number)
            ? session.Query($"SELECT {Columns} FROM experiments AS e WHERE e.experiment_id = $id", Read, ("$id", number))
            : [];
        return found is [(var experiment, true)]
            ? experiment
            : throw new TrackingException(
                TrackingFault.NotFound, id, $"There is no active experiment with the identifier '{id}' in '{session.Path}'. Name another.");
    }

    private static (Experiment Experiment, bool IsActive)? ByName(Session session, string name) =>
        session.Query(
            $"SELECT {Columns} FROM experiments AS e WHERE e.name = $name{session.Schema.AndWorkspace("e")}", Read, ("$name", name))
            is [var found, ..] ? found : null;

    private static string? DefaultAddress(Session session) =>
        session.Query("SELECT artifact_location FROM experiments WHERE experiment_id = 0", row => row.TextOrEmpty(0)).FirstOrDefault();

    private static void Insert(Session session, long id, string name, string address) => session.Execute(
        $"""
        INSERT INTO experiments
            (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time{session.Schema.CommaColumn})
        VALUES ($id, $name, $address, 'active', $now, $now{session.Schema.CommaValue})
        """,
        ("$id", id),
        ("$name", name),
        ("$address", address),
        ("$now", StoredTime.Now));

    private static (Experiment Experiment, bool IsActive) Read(Microsoft.Data.Sqlite.SqliteDataReader row) =>
        (new(Text(row.GetInt64(0)), row.GetString(1), row.TextOrEmpty(2)), row.TextOrEmpty(3) == "active");

    private static string Text(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
