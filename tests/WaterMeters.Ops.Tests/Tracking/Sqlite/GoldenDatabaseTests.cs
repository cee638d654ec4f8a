using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

/// <summary>Databases that MLflow 2.22.1 and 3.17.2 made: read as they are, and written to.</summary>
public class GoldenDatabaseTests
{
    private const string Model = "water-meter-segmentation";

    [Theory]
    [InlineData("2.22.1")]
    [InlineData("3.17.2")]
    public void Runs_are_read_with_all_that_was_logged(string version)
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(RawDatabase.CopyGolden(version, temp.Path));
        var stop = TestContext.Current.CancellationToken;
        var experiment = store.FindExperiment(Model, stop)!;
        Assert.Equal(("1", "/srv/water/mlruns/1"), (experiment.Id, experiment.ArtifactAddress));
        var runs = store.ListRuns(new() { ExperimentIds = [experiment.Id] }, stop);
        Assert.Equal(["torch", "abc1234-1", "abc1234-0"], runs.Select(run => run.Name));

        var first = runs[2];
        Assert.Equal((RunStatus.Finished, "unknown", false), (first.Status, first.User, first.IsDeleted));
        Assert.InRange(first.End!.Value - first.Start, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5));
        var settings = first.Parameters;
        Assert.Equal(("42", "0.0001", "4"), (settings["seed"], settings["learning_rate"], settings["batch_size"]));
        Assert.Equal(("train", "abc1234-0"), (first.Tags[MlflowTags.SourceName], first.Tags[MlflowTags.RunName]));
        Assert.Equal(new("val_dice", 0.8, DateTimeOffset.FromUnixTimeMilliseconds(1700000000003), 3), first.Metrics["val_dice"]);
        Assert.Equal((double.NaN, double.PositiveInfinity), (first.Metrics["nan"].Value, first.Metrics["inf"].Value));
        Assert.Equal([0.5, 0.6, 0.7, 0.8], store.GetMetricHistory(first.Id, "val_dice", stop).Select(metric => metric.Value));
        Assert.Equal("LOCAL", runs[0].Tags[MlflowTags.SourceType]);
        var tags = new Dictionary<string, string> { ["dataset"] = "d1" };
        Assert.Equal([first.Id], store.ListRuns(new() { Name = "abc1234-0", Tags = tags }, stop).Select(run => run.Id));
        Assert.Empty(store.ListRuns(new() { Status = RunStatus.Running }, stop));

        // The store is not where it was made: /srv/water.
        var artifacts = store.ArtifactsOf(first, stop);
        Assert.Equal(temp["mlruns", "1", first.Id, "artifacts"], artifacts.LocalPath);
        Assert.Equal(["logs/Terminal.log", "metrics.json"], artifacts.List("", stop).Select(artifact => artifact.Path));
    }

    [Theory]
    [InlineData("2.22.1", "data/model.pth")]
    [InlineData("3.17.2", "data/model.pth")]
    public void Versions_are_read_with_stage_alias_tags_and_files(string version, string file)
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(RawDatabase.CopyGolden(version, temp.Path));
        var stop = TestContext.Current.CancellationToken;
        var model = Assert.Single(store.ListModels(stop));
        Assert.Equal((Model, "digit window", 2), (model.Name, model.Description, model.Aliases["champion"]));
        var versions = store.ListVersions(Model, stop);
        Assert.Equal([(3, RegistryStage.None), (2, RegistryStage.Production), (1, RegistryStage.Archived)],
            versions.Select(v => (v.Version, v.Stage)));
        Assert.Equal(("someone", "Superior"), (versions[1].Tags["promoted_by"], versions[1].Tags["verdict"]));
        Assert.Equal(["champion"], versions[1].Aliases);
        Assert.Equal(2, store.FindAlias(Model, "champion", stop)!.Version);
        Assert.Null(store.FindAlias(Model, "nobody", stop));
        Assert.All(versions, v => Assert.True(v.IsReady));

        // MLflow recorded no change of stage: the time of the last change is all there is.
        var change = StageHistory.At(versions, RegistryStage.Production, DateTimeOffset.UtcNow)!;
        Assert.Equal((2, false, versions[1].Updated), (change.Version, change.IsRecorded, change.Time));

        var files = store.ArtifactsOf(versions[0], stop);
        Assert.Contains(file, files.List("", stop).Select(artifact => artifact.Path));
        Assert.True(File.Exists(Path.Combine(files.LocalPath!, "MLmodel")));
    }

    [Theory]
    [InlineData("2.22.1")]
    [InlineData("3.17.2")]
    public void What_is_written_has_the_columns_and_types_that_MLflow_writes(string version)
    {
        using var temp = new TempFolder();
        string database = RawDatabase.CopyGolden(version, temp.Path);
        using var store = new SqliteTrackingStore(database);
        var stop = TestContext.Current.CancellationToken;
        var experiment = store.GetOrCreateExperiment("another", stop);
        var run = store.CreateRun(
            new() { ExperimentId = "1", Name = "ours", Start = DateTimeOffset.UtcNow, User = "ana" }, stop);
        store.Log(run.Id, new()
        {
            Metrics = [new("val_dice", 0.5, DateTimeOffset.UtcNow, 0), new("nan", double.NaN, DateTimeOffset.UtcNow, 0)],
            Parameters = new Dictionary<string, string> { ["seed"] = "42" },
            Tags = new Dictionary<string, string> { ["dataset"] = "d1" },
        }, stop);
        store.UpdateRun(run.Id, RunStatus.Finished, DateTimeOffset.UtcNow, stop);
        File.WriteAllText(temp["model.onnx"], "weights");
        store.ArtifactsOf(run, stop).Upload(temp["model.onnx"], "model/model.onnx", stop);
        store.GetOrCreateModel("second", "text", stop);
        var verdict = new Dictionary<string, string> { ["verdict"] = "Superior" };
        var made = store.CreateVersion(
            new() { Name = "second", Source = $"runs:/{run.Id}/model", RunId = run.Id, Tags = verdict }, stop);
        store.SetAlias("second", "challenger", 1, stop);

        Assert.Equal(("2", "mlruns/2"), (experiment.Id, experiment.ArtifactAddress));
        Assert.Equal($"mlruns/1/{run.Id}/artifacts", run.ArtifactAddress); // relative: /srv/water does not exist here
        Assert.Equal(["model.onnx"], store.ArtifactsOf(made, stop).List("", stop).Select(artifact => artifact.Path));
        RawDatabase.AssertIntact(database);

        Same(database, "experiments", "name = 'another'", "name = 'water-meter-segmentation'", "name", "artifact_location");
        Same(database, "runs", $"run_uuid = '{run.Id}'", "name = 'torch'", "run_uuid", "name", "user_id", "artifact_uri");
        Same(database, "registered_models", "name = 'second'", $"name = '{Model}'", "name", "description");
        string[] ofVersion = ["name", "source", "storage_location", "run_id", "current_stage"];
        Same(database, "model_versions", "name = 'second'", $"name = '{Model}' AND version = 2", ofVersion);
        Same(database, "model_version_tags", "name = 'second'", $"name = '{Model}' AND version = 1", "name");
        Same(database, "registered_model_aliases", "name = 'second'", $"name = '{Model}'", "name", "alias");
        string first = "(SELECT run_uuid FROM runs WHERE name = 'abc1234-0')";
        foreach (string table in new[] { "metrics", "latest_metrics" })
        {
            Same(database, table, $"run_uuid = '{run.Id}' AND key = 'nan'", $"run_uuid = {first} AND key = 'nan'", "run_uuid");
        }

        Same(database, "params", $"run_uuid = '{run.Id}' AND key = 'seed'", $"run_uuid = {first} AND key = 'seed'", "run_uuid");
        Same(database, "tags", $"run_uuid = '{run.Id}' AND key = 'dataset'", $"run_uuid = {first} AND key = 'dataset'", "run_uuid");
        Assert.Equal(
            [$"{MlflowTags.RunName} ours", $"{MlflowTags.User} ana"],
            RawDatabase.Texts(
                database, $"SELECT key || ' ' || value FROM tags WHERE run_uuid = '{run.Id}' AND key LIKE 'mlflow.%' ORDER BY key"));
    }

    [Fact]
    public void Another_workspace_is_neither_read_nor_changed()
    {
        using var temp = new TempFolder();
        string database = RawDatabase.CopyGolden("3.17.2", temp.Path);
        RawDatabase.Execute(
            database,
            $"""
            INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, workspace)
            VALUES (7, 'theirs', 'x', 'active', 'other');
            INSERT INTO registered_models (name, workspace) VALUES ('{Model}', 'other');
            INSERT INTO model_versions (name, version, current_stage, source, status, workspace)
            VALUES ('{Model}', 9, 'Production', 'x', 'READY', 'other');
            INSERT INTO registered_model_aliases (alias, version, name, workspace) VALUES ('champion', 9, '{Model}', 'other');
            """);
        using var store = new SqliteTrackingStore(database);
        var stop = TestContext.Current.CancellationToken;
        Assert.Null(store.FindExperiment("theirs", stop));
        Assert.Equal([3, 2, 1], store.ListVersions(Model, stop).Select(v => v.Version));
        Promote(store, 1, stop);
        Assert.Equal(1, store.FindAlias(Model, "champion", stop)!.Version);
        Assert.Equal(
            ["9 Production"],
            RawDatabase.Texts(database, "SELECT version || ' ' || current_stage FROM model_versions WHERE workspace = 'other'"));
        using var other = new SqliteTrackingStore(database, "other");
        Assert.Equal((9, RegistryStage.Production), other.FindAlias(Model, "champion", stop) is { } v ? (v.Version, v.Stage) : default);
    }

    [Fact]
    public void A_promotion_archives_the_one_that_MLflow_promoted()
    {
        using var temp = new TempFolder();
        string database = RawDatabase.CopyGolden("2.22.1", temp.Path);
        using var store = new SqliteTrackingStore(database);
        var stop = TestContext.Current.CancellationToken;
        var result = Promote(store, 3, stop);
        Assert.Equal((3, RegistryStage.None, RegistryStage.Production), (result.Version.Version, result.From, result.Version.Stage));
        Assert.Equal([(2, RegistryStage.Archived)], result.Archived.Select(v => (v.Version, v.Stage)));
        Assert.Equal(["champion"], result.Version.Aliases);
        var versions = store.ListVersions(Model, stop);
        Assert.Equal(3, StageHistory.At(versions, RegistryStage.Production, DateTimeOffset.UtcNow)!.Version);
        RawDatabase.AssertIntact(database);
    }

    private static StageResult Promote(SqliteTrackingStore store, int version, CancellationToken stop) => store.SetStage(
        new()
        {
            Name = Model,
            Version = version,
            Stage = RegistryStage.Production,
            ArchiveOthers = true,
            Alias = "champion",
            By = "ana",
            Time = DateTimeOffset.UtcNow,
            Reason = "better",
        },
        stop);

    // Compares each column of our row with MLflow's: its type, and its value unless it must differ.
    private static void Same(string database, string table, string ours, string theirs, params string[] different)
    {
        string[] columns = RawDatabase.Texts(database, $"SELECT name FROM pragma_table_info('{table}')");
        foreach (string column in columns)
        {
            bool differs = different.Contains(column) || column is "timestamp" or "experiment_id" or "version"
                || column.EndsWith("_time", StringComparison.Ordinal);
            string what = differs ? $"typeof(\"{column}\")" : $"typeof(\"{column}\") || ' ' || coalesce(\"{column}\", '')";
            string[] Of(string condition) => RawDatabase.Texts(database, $"SELECT '{column} ' || {what} FROM {table} WHERE {condition}");
            Assert.Equal(Of(theirs), Of(ours));
            Assert.Single(Of(ours));
        }
    }
}
