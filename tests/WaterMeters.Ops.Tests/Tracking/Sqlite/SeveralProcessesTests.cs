using System.Diagnostics;
using System.Globalization;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

/// <summary>
/// Several processes use one database. With WMS_PROVE=full at full size: four that log 1,000 metrics each while a fifth reads.
/// </summary>
public class SeveralProcessesTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory(SkipWhen = nameof(WindowsSystem.IsWine), SkipType = typeof(WindowsSystem), Skip = "Wine has no command dotnet.")]
    [InlineData("2.8", "delete")]
    [InlineData("2.8", "wal")] // somebody may have chosen it: we use what the file has
    [InlineData("3.17.2", "delete")]
    public void Four_log_while_a_fifth_reads_and_nothing_is_lost(string version, string journal)
    {
        const int Writers = 4;
        int count = ProcessMemory.Full ? 1000 : 15;
        using var temp = new TempFolder();
        string database = version == "2.8" ? temp["mlflow.db"] : RawDatabase.CopyGolden(version, temp.Path);
        using var store = new SqliteTrackingStore(database);
        string run = NewRun(store);
        RawDatabase.Execute(database, $"PRAGMA journal_mode = {journal}");
        long start = Stopwatch.GetTimestamp();

        var clients = Enumerable.Range(0, Writers).Select(i => new ClientProcess("log", database, run, $"m{i}", Text(count))).ToList();
        clients.Add(new("read", database, run, Text(Writers)));
        foreach (var client in clients) client.Go();
        int[] longest = [.. clients.Select(client => client.Finish())];
        foreach (var client in clients) client.Dispose();
        var elapsed = Stopwatch.GetElapsedTime(start);

        Assert.Equal([journal], RawDatabase.Texts(database, "PRAGMA journal_mode"));
        for (int i = 0; i < Writers; i++)
        {
            Assert.Equal(Enumerable.Range(0, count), store.GetMetricHistory(run, $"m{i}", Stop).Select(metric => (int)metric.Step));
            Assert.Equal(count - 1, store.GetRun(run, Stop).Metrics[$"m{i}"].Step);
        }

        RawDatabase.AssertIntact(database);
        Assert.All(longest, time => Assert.InRange(time, 0, Database.Patience.TotalMilliseconds));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"figure: {Writers} processes logged {count} metrics each to a database of MLflow {version}, journal {journal}, while one "
            + $"read it: none lost, {elapsed.TotalSeconds:0.0} s, longest call {longest[..Writers].Max()} ms, "
            + $"longest read {longest[Writers]} ms"));
    }

    [Fact]
    public void Several_create_the_database_at_once()
    {
        using var temp = new TempFolder();
        using var ready = new Barrier(8);
        string[] ids = new string[8];
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            using var store = new SqliteTrackingStore(temp["mlflow.db"]);
            ready.SignalAndWait();
            ids[i] = store.GetOrCreateExperiment("meters", Stop).Id;
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.All(ids, id => Assert.Equal("1", id));
        RawDatabase.AssertIntact(temp["mlflow.db"]);
    }

    [Fact(SkipWhen = nameof(WindowsSystem.IsWine), SkipType = typeof(WindowsSystem), Skip = "Wine has no command dotnet.")]
    public void Two_promotions_at_once_end_with_one_production_model()
    {
        int times = ProcessMemory.Full ? 200 : 10;
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        string run = NewRun(store);
        store.GetOrCreateModel("meters", "", Stop);
        for (int i = 0; i < 2; i++) store.CreateVersion(new() { Name = "meters", Source = $"runs:/{run}/model", RunId = run }, Stop);

        ClientProcess[] clients =
        [
            .. Enumerable.Range(1, 2).Select(i => new ClientProcess("promote", store.Path, "meters", Text(i), Text(times))),
        ];
        foreach (var client in clients) client.Go();
        foreach (var client in clients) client.Finish();
        foreach (var client in clients) client.Dispose();

        var versions = store.ListVersions("meters", Stop);
        var production = Assert.Single(versions, version => version.Stage == RegistryStage.Production);
        Assert.Equal(["champion"], production.Aliases);
        Assert.Equal(RegistryStage.Archived, Assert.Single(versions, version => version != production).Stage);

        // The history of each version is without a gap: each change starts where the last one ended.
        foreach (var version in versions)
        {
            var stage = RegistryStage.None;
            foreach (var change in StageHistory.Of([version]))
            {
                Assert.Equal(stage, change.From);
                stage = change.To;
            }

            Assert.Equal(version.Stage, stage);
        }

        RawDatabase.AssertIntact(store.Path);
        output.WriteLine(FormattableString.Invariant(
            $"figure: two processes promoted {times} times each at once: one production model"));
    }

    [Fact]
    public void A_lock_that_is_not_released_is_an_error_that_says_so()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        string run = NewRun(store);
        using var holder = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={store.Path};Pooling=False");
        holder.Open();
        using var transaction = holder.BeginTransaction(System.Data.IsolationLevel.Serializable, deferred: false);

        // The wait ends when it is cancelled, and not only after 20 s.
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.Throws<OperationCanceledException>(() => store.UpdateRun(run, RunStatus.Failed, null, source.Token));
        Assert.Equal(RunStatus.Running, store.GetRun(run, Stop).Status); // readers are not in the way
        if (ProcessMemory.Full)
        {
            var error = Assert.Throws<TrackingException>(() => store.UpdateRun(run, RunStatus.Failed, null, Stop));
            Assert.Equal(TrackingFault.Busy, error.Fault);
        }
    }

    private static string NewRun(SqliteTrackingStore store) => store.CreateRun(
        new() { ExperimentId = store.GetOrCreateExperiment("meters", Stop).Id, Name = "r", Start = DateTimeOffset.UtcNow }, Stop).Id;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
