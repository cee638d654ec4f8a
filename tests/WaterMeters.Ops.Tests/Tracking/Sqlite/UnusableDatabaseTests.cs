using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

/// <summary>Databases that cannot be used, or only in part: each says what to do.</summary>
public class UnusableDatabaseTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public void An_unknown_revision_is_read_and_written_if_its_columns_are_there()
    {
        using var temp = new TempFolder();
        using var store = Made(temp);
        RawDatabase.Execute(store.Path, "UPDATE alembic_version SET version_num = 'ffffffffffff'; ALTER TABLE runs ADD COLUMN color TEXT");
        Assert.Equal("x", Assert.Single(store.ListRuns(new(), Stop)).Name);
        Assert.Equal("2", store.GetOrCreateExperiment("more", Stop).Id);
    }

    [Fact]
    public void An_unknown_column_that_needs_a_value_allows_only_reading()
    {
        using var temp = new TempFolder();
        using var store = Made(temp);
        RawDatabase.Execute(
            store.Path,
            """
            ALTER TABLE tags RENAME TO old_tags;
            CREATE TABLE tags (key VARCHAR(250) NOT NULL, value VARCHAR(5000), run_uuid VARCHAR(32) NOT NULL, tenant TEXT NOT NULL);
            """);
        Assert.Single(store.ListRuns(new(), Stop));
        var error = Fails(TrackingFault.UnknownSchema, () => store.GetOrCreateExperiment("more", Stop));
        Assert.Contains("tags.tenant", error.Message);
        Assert.Single(store.ListRuns(new(), Stop));
    }

    [Fact]
    public void A_missing_column_is_named_with_the_command_that_adds_it()
    {
        using var temp = new TempFolder();
        using var store = Made(temp);
        RawDatabase.Execute(store.Path, "ALTER TABLE model_versions DROP COLUMN storage_location");
        var error = Fails(TrackingFault.UnknownSchema, () => store.ListRuns(new(), Stop));
        Assert.Contains("model_versions.storage_location", error.Message);
        Assert.Contains($"mlflow db upgrade {store.Address}", error.Message);
    }

    [Fact]
    public void A_folder_store_is_refused_with_the_command_that_moves_it()
    {
        using var temp = new TempFolder();
        Directory.CreateDirectory(temp["mlruns", "0"]);
        File.WriteAllText(temp["mlruns", "0", "meta.yaml"], "name: Default\n");
        var error = Fails(TrackingFault.UnsupportedAddress, () => new SqliteTrackingStore(temp["mlflow.db"]).Dispose());
        Assert.Contains(
            $"mlflow migrate-filestore --source \"{temp["mlruns"]}\" --target \"{SqliteAddress.Of(temp["mlflow.db"])}\"", error.Message);

        // After the command there is a database, and the folder stays.
        RawDatabase.Execute(temp["mlflow.db"], "CREATE TABLE alembic_version (version_num TEXT); CREATE TABLE experiments (name TEXT)");
        new SqliteTrackingStore(temp["mlflow.db"]).Dispose();
    }

    [Fact]
    public void Another_programs_database_is_not_touched()
    {
        using var temp = new TempFolder();
        RawDatabase.Execute(temp["mlflow.db"], "CREATE TABLE books (title TEXT)");
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        Fails(TrackingFault.UnsupportedAddress, () => store.ListRuns(new(), Stop));
        Fails(TrackingFault.UnsupportedAddress, () => store.GetOrCreateExperiment("x", Stop));
        Assert.Equal(["books"], RawDatabase.Texts(temp["mlflow.db"], "SELECT name FROM sqlite_master"));
    }

    [Fact]
    public void A_file_that_is_no_database_is_not_touched()
    {
        using var temp = new TempFolder();
        string text = string.Concat(Enumerable.Repeat("not a database ", 100));
        File.WriteAllText(temp["mlflow.db"], text);
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        Fails(TrackingFault.Damaged, () => store.ListRuns(new(), Stop));
        Fails(TrackingFault.Damaged, () => store.GetOrCreateExperiment("x", Stop));
        Assert.Equal(text, File.ReadAllText(temp["mlflow.db"]));
    }

    [Fact]
    public void An_empty_file_becomes_a_database()
    {
        using var temp = new TempFolder();
        File.WriteAllBytes(temp["mlflow.db"], []);
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        Assert.Empty(store.ListRuns(new(), Stop));
        Assert.Equal("1", store.GetOrCreateExperiment("x", Stop).Id);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["nowhere", "mlflow.db"]);
        var error = Fails(TrackingFault.Unreachable, () => store.GetOrCreateExperiment("x", Stop));
        Assert.Contains(temp["nowhere", "mlflow.db"], error.Message);
    }

    [Fact(
        Skip = "Of root, Wine writes into read-only files.", SkipType = typeof(WindowsSystem), SkipWhen = nameof(WindowsSystem.IsWine))]
    public void A_read_only_file_is_read_and_not_written()
    {
        using var temp = new TempFolder();
        using var store = Made(temp);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temp.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute); // the thread keeps its group
        }

        File.SetAttributes(store.Path, FileAttributes.ReadOnly);
        using var user = new UnprivilegedThread();
        try
        {
            Assert.Single(store.ListRuns(new(), Stop));
            Fails(TrackingFault.Refused, () => store.GetOrCreateExperiment("more", Stop));
        }
        finally
        {
            user.Dispose();
            File.SetAttributes(store.Path, FileAttributes.Normal);
        }
    }

    private static SqliteTrackingStore Made(TempFolder temp)
    {
        var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var experiment = store.GetOrCreateExperiment("x", Stop);
        store.CreateRun(new() { ExperimentId = experiment.Id, Name = "x", Start = DateTimeOffset.UtcNow }, Stop);
        return store;
    }

    private static TrackingException Fails(TrackingFault fault, Action call)
    {
        var error = Assert.Throws<TrackingException>(call);
        Assert.Equal(fault, error.Fault);
        return error;
    }
}
