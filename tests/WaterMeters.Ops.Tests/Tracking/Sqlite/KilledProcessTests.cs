using System.Globalization;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

/// <summary>A process that logs is killed after a line that it printed: twice, 50 times with WMS_PROVE=full.</summary>
public class KilledProcessTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact(SkipWhen = nameof(WindowsSystem.IsWine), SkipType = typeof(WindowsSystem), Skip = "Wine has no command dotnet.")]
    public void A_kill_leaves_a_sound_database_with_all_that_was_reported()
    {
        int kills = ProcessMemory.Full ? 50 : 2;
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        string experiment = store.GetOrCreateExperiment("meters", Stop).Id;
        int unreported = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            var run = store.CreateRun(new() { ExperimentId = experiment, Name = "r", Start = DateTimeOffset.UtcNow }, Stop);
            using var client = new ClientProcess("log", store.Path, run.Id, "m", "100000");
            client.Go();
            int last = 1 + (kill * 7 % 50); // another step each time
            Assert.NotNull(client.WaitFor($"logged {last.ToString(CultureInfo.InvariantCulture)}"));
            client.Kill();

            int logged = store.GetMetricHistory(run.Id, "m", Stop).Count; // takes back what was not finished
            RawDatabase.AssertIntact(store.Path);
            Assert.True(logged >= last + 1, $"{last + 1} steps were reported, {logged} are there");
            Assert.Equal(Enumerable.Range(0, logged), store.GetMetricHistory(run.Id, "m", Stop).Select(metric => (int)metric.Step));
            Assert.Equal(logged - 1, store.GetRun(run.Id, Stop).Metrics["m"].Step);
            if (logged > last + 1) unreported++;
            store.UpdateRun(run.Id, RunStatus.Killed, DateTimeOffset.UtcNow, Stop);
            RawDatabase.AssertIntact(store.Path);
        }

        output.WriteLine(FormattableString.Invariant(
            $"figure: {kills} processes killed while logging: database sound, all that was reported is there ({unreported} with more)"));
    }

    [Fact]
    public void A_kill_during_the_creation_leaves_nothing_or_a_whole_database()
    {
        using var temp = new TempFolder();
        using (var store = new SqliteTrackingStore(temp["whole.db"])) store.GetOrCreateExperiment("x", Stop);

        // What a killed process leaves: a file that has pages, and the journal that takes them back.
        string path = temp["mlflow.db"];
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                PRAGMA cache_size = 1;
                BEGIN IMMEDIATE;
                CREATE TABLE alembic_version (version_num TEXT);
                CREATE TABLE filler (x BLOB);
                INSERT INTO filler VALUES (zeroblob(100000)), (zeroblob(100000));
                """;
            command.ExecuteNonQuery();
            File.Copy(path, temp["killed.db"]);
            File.Copy(path + "-journal", temp["killed.db-journal"]);
        }

        using var killed = new SqliteTrackingStore(temp["killed.db"]);
        Assert.Empty(killed.ListExperiments(Stop));
        Assert.Equal("1", killed.GetOrCreateExperiment("x", Stop).Id);
        RawDatabase.AssertIntact(temp["killed.db"]);
    }
}
