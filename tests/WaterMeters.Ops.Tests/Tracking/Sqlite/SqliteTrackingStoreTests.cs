using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

public class SqliteTrackingStoreTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public void Reading_creates_no_database()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        Assert.Empty(store.ListExperiments(Stop));
        Assert.Empty(store.ListRuns(new(), Stop));
        Assert.Empty(store.ListModels(Stop));
        Assert.Empty(store.ListVersions("m", Stop));
        Assert.Null(store.FindAlias("m", "champion", Stop));
        Fails(TrackingFault.NotFound, () => store.GetRun("r", Stop));
        Fails(TrackingFault.NotFound, () => store.GetVersion("m", 1, Stop));
        Assert.Empty(Directory.GetFileSystemEntries(temp.Path));
        Assert.True(store.IsLocal);
        Assert.Equal(SqliteAddress.Of(temp["mlflow.db"]), store.Address);
    }

    [Fact]
    public void A_model_lives_its_life()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = NewRun(store);
        Assert.Equal((RunStatus.Running, null, "mlruns/1/" + run.Id + "/artifacts"), (run.Status, run.End, run.ArtifactAddress));
        store.Log(run.Id, new()
        {
            Metrics = [.. Enumerable.Range(0, 3).Select(i => new Metric("val_dice", 0.5 + i, Time(i), i))],
            Parameters = new Dictionary<string, string> { ["seed"] = "42" },
        }, Stop);
        File.WriteAllText(temp["m"], "weights");
        store.ArtifactsOf(run, Stop).Upload(temp["m"], "model/model.onnx", Stop);
        Assert.Equal(RunStatus.Finished, store.UpdateRun(run.Id, RunStatus.Finished, Time(9), Stop).Status);
        store.GetOrCreateModel("meters", "digit window", Stop);
        var first = Version(store, run);
        var second = Version(store, run);
        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.Equal([new("model.onnx", 7)], store.ArtifactsOf(second, Stop).List("", Stop));

        Stage(store, 1, 10, "first");
        Stage(store, 2, 20, "better");
        var back = Stage(store, 1, 30, "the second misses blurred photos");
        Assert.Equal((1, RegistryStage.Archived), (back.Version.Version, back.From));
        Assert.Equal([2], back.Archived.Select(v => v.Version));
        var versions = store.ListVersions("meters", Stop);
        Assert.Equal([(2, RegistryStage.Archived), (1, RegistryStage.Production)], versions.Select(v => (v.Version, v.Stage)));
        Assert.Equal(["champion"], versions[1].Aliases);

        Assert.Null(At(5));
        Assert.Equal((1, "first", "ana"), (At(15)!.Version, At(15)!.Reason, At(15)!.By));
        Assert.Equal((2, Time(20), "better"), (At(25)!.Version, At(25)!.Time, At(25)!.Reason));
        Assert.Equal((1, RegistryStage.Archived), (At(40)!.Version, At(40)!.From));
        Assert.Equal(5, StageHistory.Of(versions).Count);
        Assert.All(StageHistory.Of(versions), change => Assert.True(change.IsRecorded));
        RawDatabase.AssertIntact(store.Path);

        StageChange? At(int seconds) => StageHistory.At(versions, RegistryStage.Production, Time(seconds));
    }

    [Fact]
    public void The_latest_metric_has_the_highest_step_then_time_then_value()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = NewRun(store);
        Metric[] metrics =
        [
            new("m", 1, Time(5), 7), new("m", 9, Time(9), 3), new("m", 2, Time(4), 7), new("m", 3, Time(5), 7), new("m", 0, Time(5), 7),
            new("m", 3, Time(5), 7), // the same point twice
            new("n", double.NaN, Time(0), 0), new("n", double.NegativeInfinity, Time(0), 1), new("p", double.PositiveInfinity, Time(0), 0),
        ];
        foreach (var metric in metrics) store.Log(run.Id, new() { Metrics = [metric] }, Stop);

        var latest = store.GetRun(run.Id, Stop).Metrics;
        Assert.Equal(metrics[3], latest["m"]);
        Assert.Equal(double.NegativeInfinity, latest["n"].Value);
        Assert.Equal(5, store.GetMetricHistory(run.Id, "m", Stop).Count);
        Assert.Equal([double.NaN, double.NegativeInfinity], store.GetMetricHistory(run.Id, "n", Stop).Select(metric => metric.Value));
        Assert.Equal(
            [[0.0, 1L], [-double.MaxValue, 0L]],
            RawDatabase.Rows(store.Path, "SELECT value, is_nan FROM metrics WHERE key = 'n' ORDER BY step"));

        // In one batch it is the same.
        var other = NewRun(store);
        store.Log(other.Id, new() { Metrics = metrics }, Stop);
        Assert.Equal(latest, store.GetRun(other.Id, Stop).Metrics);
    }

    [Fact]
    public void Values_are_read_as_they_were_written()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = NewRun(store);
        var random = new Random(1);
        double[] numbers =
        [
            0, -0.0, 1, -1, 1 / 3.0, 0.1, 1e23, 123456789012345680, double.Epsilon, 2.2250738585072014e-308, 4.9406564584124654e-320,
            double.MaxValue, Math.BitDecrement(double.MaxValue), -1e-300, Math.PI,
            .. Enumerable.Range(0, 500).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64())).Where(double.IsFinite),
            .. Enumerable.Range(0, 500).Select(_ => random.NextDouble()),
        ];
        string[] texts = ["", "plain", "\"quoted\"", "a\\b\n\tc", "żółć ✓ 🙂", "null", "12", "[1]", "{}", "\u0001"];
        foreach (var chunk in numbers.Select((number, i) => new Metric($"m{i}", number, Time(i), i)).Chunk(500))
        {
            store.Log(run.Id, new() { Metrics = chunk }, Stop);
        }

        var named = texts.Select((text, i) => (Key: $"key {i}", Text: text)).ToDictionary(pair => pair.Key, pair => pair.Text);
        store.Log(run.Id, new() { Parameters = named, Tags = named }, Stop);
        store.GetOrCreateModel("meters", "", Stop);
        var version = Version(store, run);
        store.SetVersionTags("meters", version.Version, named, Stop);

        var read = store.GetRun(run.Id, Stop);
        for (int i = 0; i < numbers.Length; i++)
        {
            double expected = numbers[i] == double.MaxValue ? double.PositiveInfinity : numbers[i]; // what MLflow stores for infinity
            Assert.Equal(new Metric($"m{i}", expected, Time(i), i), read.Metrics[$"m{i}"]);
        }

        Assert.Equal(named, read.Parameters);
        Assert.All(named, pair => Assert.Equal(pair.Value, read.Tags[pair.Key]));
        Assert.All(named, pair => Assert.Equal(pair.Value, store.GetVersion("meters", 1, Stop).Tags[pair.Key]));
    }

    [Fact]
    public void A_batch_with_a_changed_parameter_leaves_nothing_behind()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = NewRun(store);
        var seed = new Dictionary<string, string> { ["seed"] = "42" };
        store.Log(run.Id, new() { Parameters = seed }, Stop);
        store.Log(run.Id, new() { Parameters = seed }, Stop);
        var error = Fails(TrackingFault.InvalidValue, () => store.Log(
            run.Id, new() { Metrics = [new("m", 1, Time(0), 0)], Parameters = new Dictionary<string, string> { ["seed"] = "43" } }, Stop));
        Assert.Contains("'42'", error.Message);
        Assert.Empty(store.GetRun(run.Id, Stop).Metrics);
        Assert.Equal("42", store.GetRun(run.Id, Stop).Parameters["seed"]);
    }

    [Fact]
    public void A_new_name_goes_to_the_run_and_to_its_tag()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = NewRun(store);
        store.Log(run.Id, new() { Tags = new Dictionary<string, string> { [MlflowTags.RunName] = "renamed" } }, Stop);
        Assert.Equal("renamed", Assert.Single(store.ListRuns(new() { Name = "renamed" }, Stop)).Tags[MlflowTags.RunName]);
    }

    [Fact]
    public void Runs_are_listed_newest_first_up_to_a_limit()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        string[] ids = [.. Enumerable.Range(0, 5).Select(i => NewRun(store, start: i, tag: $"{i % 2}").Id)];
        Assert.Equal([ids[4], ids[3]], store.ListRuns(new() { Limit = 2 }, Stop).Select(run => run.Id));
        Assert.Equal(5, store.ListRuns(new(), Stop).Count);
        Assert.Empty(store.ListRuns(new() { ExperimentIds = ["0"] }, Stop));
        var tags = new Dictionary<string, string> { ["host"] = "1" };
        Assert.Equal([ids[3], ids[1]], store.ListRuns(new() { Tags = tags, Status = RunStatus.Running }, Stop).Select(run => run.Id));
        Assert.Equal(2, store.GetRuns([ids[0], ids[1], "nobody"], Stop).Count);
    }

    [Fact]
    public void What_was_deleted_is_named_with_the_way_to_restore_it()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = NewRun(store);
        RawDatabase.Execute(store.Path, "UPDATE runs SET lifecycle_stage = 'deleted'");
        var error = Fails(TrackingFault.Deleted, () => store.UpdateRun(run.Id, RunStatus.Finished, Time(1), Stop));
        Assert.Contains($"mlflow runs restore --run-id {run.Id}", error.Message);
        Fails(TrackingFault.Deleted, () => store.Log(run.Id, new(), Stop));
        Assert.True(store.GetRun(run.Id, Stop).IsDeleted);
        Assert.Empty(store.ListRuns(new(), Stop));

        RawDatabase.Execute(store.Path, "UPDATE experiments SET lifecycle_stage = 'deleted' WHERE name = 'meters'");
        Assert.Null(store.FindExperiment("meters", Stop));
        error = Fails(TrackingFault.Deleted, () => store.GetOrCreateExperiment("meters", Stop));
        Assert.Contains($"mlflow experiments restore --experiment-id 1, with MLFLOW_TRACKING_URI={store.Address}", error.Message);
        Fails(TrackingFault.NotFound, () => store.CreateRun(new() { ExperimentId = "1", Name = "r", Start = Time(0) }, Stop));
    }

    [Fact]
    public void A_version_that_MLflow_deleted_keeps_its_number()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = NewRun(store);
        store.GetOrCreateModel("meters", "", Stop);
        Version(store, run);
        RawDatabase.Execute(store.Path, "UPDATE model_versions SET current_stage = 'Deleted_Internal'");
        Assert.Empty(store.ListVersions("meters", Stop));
        Fails(TrackingFault.NotFound, () => store.GetVersion("meters", 1, Stop));
        Assert.Equal(2, Version(store, run).Version);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = NewRun(store);
        Fails(TrackingFault.NotFound, () => store.Log("nobody", new(), Stop));
        Fails(TrackingFault.NotFound, () => store.GetMetricHistory("nobody", "m", Stop));
        Fails(TrackingFault.NotFound, () => store.CreateRun(new() { ExperimentId = "99", Name = "r", Start = Time(0) }, Stop));
        Fails(TrackingFault.NotFound, () => Version(store, run));
        store.GetOrCreateModel("meters", "", Stop);
        Fails(TrackingFault.NotFound, () => store.CreateVersion(new() { Name = "meters", Source = "runs:/nobody/model" }, Stop));
        Fails(TrackingFault.NotFound, () => store.CreateVersion(new() { Name = "meters", Source = "models:/m-1" }, Stop));
        Fails(TrackingFault.NotFound, () => store.SetAlias("meters", "champion", 1, Stop));
        Fails(TrackingFault.NotFound, () => Stage(store, 1, 0, ""));
        Fails(TrackingFault.NotFound, () => store.DeleteAlias("nobody", "champion", Stop));
        Assert.Empty(store.GetMetricHistory(run.Id, "nothing", Stop));
        Assert.Empty(store.ListVersions("meters", Stop));
        store.DeleteAlias("meters", "champion", Stop);
    }

    [Fact]
    public void An_alias_moves_and_goes()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = NewRun(store);
        store.GetOrCreateModel("meters", "", Stop);
        Version(store, run);
        Version(store, run);
        store.SetAlias("meters", "champion", 1, Stop);
        store.SetAlias("meters", "champion", 2, Stop);
        Assert.Equal(new Dictionary<string, int> { ["champion"] = 2 }, store.FindModel("meters", Stop)!.Aliases);
        store.DeleteAlias("meters", "champion", Stop);
        Assert.Null(store.FindAlias("meters", "champion", Stop));
        store.SetVersionTags("meters", 2, new Dictionary<string, string> { ["a"] = "1" }, Stop);
        store.SetVersionTags("meters", 2, new Dictionary<string, string> { ["a"] = "2", ["b"] = "" }, Stop);
        Assert.Equal(new Dictionary<string, string> { ["a"] = "2", ["b"] = "" }, store.GetVersion("meters", 2, Stop).Tags);
    }

    [Fact]
    public void Bad_values_are_refused_before_anything_is_written()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        Fails(TrackingFault.InvalidValue, () => store.GetOrCreateExperiment(" ", Stop));
        Fails(TrackingFault.InvalidValue, () => store.Log("r", new() { Metrics = [new("a:b", 1, Time(0), 0)] }, Stop));
        Fails(TrackingFault.InvalidValue, () => store.GetOrCreateModel("a/b", "", Stop));
        Fails(TrackingFault.InvalidValue, () => store.SetAlias("m", "latest", 1, Stop));
        Assert.False(File.Exists(store.Path));
    }

    [Fact]
    public void A_call_that_was_cancelled_changes_nothing()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = NewRun(store);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => store.UpdateRun(run.Id, RunStatus.Failed, Time(1), cancelled.Token));
        Assert.Equal(RunStatus.Running, store.GetRun(run.Id, Stop).Status);
    }

    private static Run NewRun(SqliteTrackingStore store, int start = 0, string tag = "") => store.CreateRun(
        new()
        {
            ExperimentId = store.GetOrCreateExperiment("meters", Stop).Id,
            Name = "first",
            Start = Time(start),
            User = "ana",
            Tags = new Dictionary<string, string> { ["host"] = tag },
        },
        Stop);

    private static ModelVersion Version(SqliteTrackingStore store, Run run) =>
        store.CreateVersion(new() { Name = "meters", Source = $"runs:/{run.Id}/model", RunId = run.Id }, Stop);

    private static StageResult Stage(SqliteTrackingStore store, int version, int seconds, string reason) => store.SetStage(
        new()
        {
            Name = "meters",
            Version = version,
            Stage = RegistryStage.Production,
            ArchiveOthers = true,
            Alias = "champion",
            By = "ana",
            Time = Time(seconds),
            Reason = reason,
        },
        Stop);

    private static DateTimeOffset Time(int seconds) => DateTimeOffset.FromUnixTimeSeconds(1_800_000_000 + seconds);

    private static TrackingException Fails(TrackingFault fault, Action call)
    {
        var error = Assert.Throws<TrackingException>(call);
        Assert.Equal(fault, error.Fault);
        return error;
    }
}
