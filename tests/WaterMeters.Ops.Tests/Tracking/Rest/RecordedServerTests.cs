using System.Text.Json.Nodes;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Rest;

namespace WaterMeters.Ops.Tests.Tracking.Rest;

/// <summary>The requests of the store are those of MLflow's own client, and the answers of real servers are understood.</summary>
public class RecordedServerTests
{
    private const string Model = "water-meter-segmentation";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Versions => ["2.22.1", "3.17.2"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Finds_experiments(string version)
    {
        using var server = new RecordedServer(version);
        using var store = Open(server);
        Assert.Equal(new Experiment("1", Model, "mlflow-artifacts:/1"), store.FindExperiment(Model, Stop));
        Assert.Equal("1", store.GetOrCreateExperiment(Model, Stop).Id);
        Assert.Null(store.FindExperiment("nobody", Stop));
        server.AssertAllRecorded();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Logs_a_run_from_its_start_to_its_end(string version)
    {
        using var server = new RecordedServer(version);
        using var store = Open(server);
        var recorded = server.Request("create run 0", "runs/create");
        var run = store.CreateRun(new NewRun
        {
            ExperimentId = "1",
            Name = "abc1234-0",
            Start = Time(recorded["start_time"]!.GetValue<long>()),
            Tags = Tags(recorded),
        }, Stop);
        Assert.Equal(RunStatus.Running, run.Status);
        Assert.Equal("abc1234-0", run.Tags[MlflowTags.RunName]);
        Assert.Equal("", run.User);

        var batch = server.Request("log batch 0", "runs/log-batch");
        Assert.Equal(run.Id, batch["run_id"]!.GetValue<string>());
        store.Log(run.Id, new RunBatch
        {
            Metrics = [.. batch["metrics"]!.AsArray().Select(m => new Metric(
                m!["key"]!.GetValue<string>(),
                m["value"]!.GetValue<double>(),
                Time(m["timestamp"]!.GetValue<long>()),
                m["step"]!.GetValue<long>()))],
            Parameters = Pairs(batch["params"]!),
            Tags = Tags(batch),
        }, Stop);

        var read = store.GetRun(run.Id, Stop);
        Assert.Equal((0.8, 3L), (read.Metrics["val_dice"].Value, read.Metrics["val_dice"].Step));
        Assert.Equal(double.NaN, read.Metrics["nan"].Value);
        Assert.Equal(double.PositiveInfinity, read.Metrics["inf"].Value);
        Assert.Equal("0.0001", read.Parameters["learning_rate"]);
        Assert.Equal("d1", read.Tags["dataset"]);

        var end = Time(server.Request("finish run 0", "runs/update")["end_time"]!.GetValue<long>());
        var ended = store.UpdateRun(run.Id, RunStatus.Finished, end, Stop);
        Assert.Equal((RunStatus.Finished, end), (ended.Status, ended.End!.Value));
        Assert.Equal("42", ended.Parameters["seed"]);
        server.AssertAllRecorded();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Keeps_artifacts_of_a_run(string version)
    {
        using var temp = new TempFolder();
        using var server = new RecordedServer(version);
        using var store = Open(server);
        string id = server.Request("log batch 0", "runs/log-batch")["run_id"]!.GetValue<string>();
        var folder = store.ArtifactsOf(store.GetRun(id, Stop), Stop);
        File.WriteAllText(temp["log"], "Epoch 1/1\n");
        folder.Upload(temp["log"], "logs/Terminal.log", Stop);
        File.WriteAllText(temp["json"], "{\"test_dice\": 0.9}");
        folder.Upload(temp["json"], "metrics.json", Stop);
        Assert.Equal([new("logs/Terminal.log", 10), new("metrics.json", 18)], folder.List("", Stop));
        folder.Download("logs/Terminal.log", temp["copy"], Stop);
        Assert.Equal("Epoch 1/1\n", File.ReadAllText(temp["copy"]));
        using var stream = new StreamReader(folder.Open("logs/Terminal.log", Stop));
        Assert.Equal("Epoch 1/1\n", stream.ReadToEnd());
        Assert.Equal(TrackingFault.NotFound, Assert.Throws<TrackingException>(() => folder.Download("logs/x", temp["x"], Stop)).Fault);
        Assert.False(File.Exists(temp["x"]));
        server.AssertAllRecorded();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Reads_runs_and_their_metrics(string version)
    {
        using var server = new RecordedServer(version, "filter");
        using var store = Open(server);
        string id = server.Request("log batch 0", "runs/log-batch")["run_id"]!.GetValue<string>();
        Assert.Equal([0.5, 0.6, 0.7, 0.8], store.GetMetricHistory(id, "val_dice", Stop).Select(metric => metric.Value));
        var runs = store.ListRuns(new RunQuery { ExperimentIds = ["1"], Limit = 1 }, Stop);
        Assert.Equal("abc1234-1", Assert.Single(runs).Name);
        Assert.Equal($"{server.Address}#/experiments/1/runs/{runs[0].Id}", store.PageOf(runs[0]));
        var e = Assert.Throws<TrackingException>(() => store.GetRun(new string('0', 32), Stop));
        Assert.Equal((TrackingFault.NotFound, new string('0', 32)), (e.Fault, e.Target));
        Assert.Single(store.GetRuns([id, new string('0', 32)], Stop));
        server.AssertAllRecorded();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Registers_models_and_versions(string version)
    {
        using var server = new RecordedServer(version);
        using var store = Open(server);
        Assert.Equal("digit window", store.GetOrCreateModel(Model, "digit window", Stop).Description);
        Assert.Equal(Model, store.GetOrCreateModel(Model, "", Stop).Name); // exists already
        Assert.Null(store.FindModel("nobody", Stop));

        string run = server.Request("create version 1", "model-versions/create")["run_id"]!.GetValue<string>();
        var created = store.CreateVersion(new NewModelVersion
        {
            Name = Model,
            Source = $"runs:/{run}/model",
            RunId = run,
            Tags = new Dictionary<string, string> { ["verdict"] = "Superior" },
        }, Stop);
        Assert.Equal((1, RegistryStage.None, true), (created.Version, created.Stage, created.IsReady));

        store.SetAlias(Model, "champion", 2, Stop);
        var champion = store.FindAlias(Model, "champion", Stop)!;
        Assert.Equal((2, RegistryStage.Production, "Superior"), (champion.Version, champion.Stage, champion.Tags["verdict"]));
        Assert.Equal(["champion"], champion.Aliases);
        Assert.Null(store.FindAlias(Model, "nobody", Stop));
        store.SetVersionTags(Model, 2, new Dictionary<string, string> { ["promoted_by"] = "someone" }, Stop);
        store.DeleteAlias(Model, "champion", Stop);
        Assert.Equal(TrackingFault.InvalidValue, Assert.Throws<TrackingException>(() => store.SetAlias(Model, "latest", 1, Stop)).Fault);

        Assert.Equal([2, 1], store.ListVersions(Model, Stop).Select(v => v.Version));
        Assert.Equal(["champion"], store.GetVersion(Model, 2, Stop).Aliases);
        Assert.Equal(TrackingFault.NotFound, Assert.Throws<TrackingException>(() => store.GetVersion(Model, 99, Stop)).Fault);
        server.AssertAllRecorded();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Changes_the_stage_of_a_version(string version)
    {
        using var server = new RecordedServer(version) { Accepts = "model-versions/set-tag" };
        using var store = Open(server);
        var result = store.SetStage(new StageRequest
        {
            Name = Model,
            Version = 2,
            Stage = RegistryStage.Production,
            ArchiveOthers = true,
            Alias = "champion",
            By = "ana",
            Time = Time(1_700_000_000_000),
            Reason = "Dice 0.91",
        }, Stop);
        Assert.Equal((2, RegistryStage.Production), (result.Version.Version, result.Version.Stage));
        Assert.Contains("POST /api/2.0/mlflow/model-versions/transition-stage", server.Answered);
        var record = JsonNode.Parse(Assert.Single(server.Accepted))!;
        Assert.Equal("wms.stage.1700000000000", record["key"]!.GetValue<string>());
        Assert.Contains("Dice 0.91", record["value"]!.GetValue<string>(), StringComparison.Ordinal);
        server.AssertAllRecorded();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Downloads_the_model_of_a_version_wherever_it_is(string version)
    {
        using var temp = new TempFolder();
        using var server = new RecordedServer(version);
        using var store = Open(server);
        var source = server.Response("find the version of that run", "model-versions/search")["model_versions"]![0]!;
        var folder = store.ArtifactsOf(VersionFrom(source["source"]!.GetValue<string>()), Stop);
        var files = folder.List("", Stop);
        Assert.Contains(new Artifact("data/model.pth", 5803), files);
        foreach (var file in files)
        {
            string target = temp[file.Path.Split('/')];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            folder.Download(file.Path, target, Stop);
            Assert.Equal(file.Size, new FileInfo(target).Length);
        }

        server.AssertAllRecorded();
    }

    [Fact]
    public void Finds_a_model_that_MLflow_3_keeps_apart_from_its_run()
    {
        using var recorded = new RecordedServer("3.17.2");
        var found = recorded.Response("find the version of that run", "model-versions/search")["model_versions"]![0]!;
        string id = found["source"]!.GetValue<string>();

        // A server that gives the source of the version as its address, as some of 3.x do.
        string model = recorded.Response("log a pytorch model", id["models:/".Length..]).ToJsonString();
        using var server = new Http.FakeServer(request => request.Path.Contains("logged-models", StringComparison.Ordinal)
            ? Http.FakeResponse.Json(model)
            : Http.FakeResponse.Json($$"""{"artifact_uri": "{{id}}"}"""));
        using var store = new RestTrackingStore(new MlflowSettings { Address = server.Address });
        string address = store.ArtifactsOf(VersionFrom(id), Stop).Address;
        Assert.Equal($"mlflow-artifacts:/1/models/{id["models:/".Length..]}/artifacts", address);
    }

    [Fact]
    public void Shows_the_models_that_MLflow_3_logged_in_a_run()
    {
        const string Step = "log a pytorch model";
        using var recorded = new RecordedServer("3.17.2");
        string run = recorded.LastResponse(Step, "runs/get").ToJsonString();
        string created = recorded.Response(Step, "model-versions/create").ToJsonString();
        using var server = new Http.FakeServer(request => request.Path switch
        {
            _ when request.Path.EndsWith("runs/get", StringComparison.Ordinal) => Http.FakeResponse.Json(run),
            _ when request.Path.EndsWith("model-versions/create", StringComparison.Ordinal) => Http.FakeResponse.Json(created),
            _ when request.Path.Contains("/logged-models/", StringComparison.Ordinal) =>
                Http.FakeResponse.Json(recorded.Response(Step, request.Path.Split('/')[^1]).ToJsonString()),
            _ when request.Target.EndsWith("?path=1%2Fmodels%2Fm-222d327f1a6247eb9e3cc7d76b166086%2Fartifacts", StringComparison.Ordinal) =>
                Http.FakeResponse.Json("""{"files": [{"path": "MLmodel", "is_dir": false, "file_size": 3}]}"""),
            _ when request.Path.EndsWith("/MLmodel", StringComparison.Ordinal) => new Http.FakeResponse(200, "abc"u8.ToArray()),
            _ => Http.FakeResponse.Json("{}"),
        });
        using var store = new RestTrackingStore(new MlflowSettings { Address = server.Address });
        string id = JsonNode.Parse(run)!["run"]!["info"]!["run_id"]!.GetValue<string>();
        var folder = store.ArtifactsOf(store.GetRun(id, Stop), Stop);
        Assert.Equal([new("model/MLmodel", 3)], folder.List("", Stop));
        Assert.Equal([new("model/MLmodel", 3)], folder.List("model", Stop));
        Assert.Empty(folder.List("plots", Stop));
        using (var stream = new StreamReader(folder.Open("model/MLmodel", Stop))) Assert.Equal("abc", stream.ReadToEnd());

        Assert.Equal(3, store.CreateVersion(new NewModelVersion { Name = Model, Source = $"runs:/{id}/model", RunId = id }, Stop).Version);
        Assert.True(JsonNode.DeepEquals(
            recorded.Request(Step, "model-versions/create"), JsonNode.Parse(server.Requests[^1].Body)));
    }

    [Fact]
    public void Leaves_out_a_logged_model_whose_name_leads_out_of_the_folder()
    {
        using var server = new Http.FakeServer(request => Http.FakeResponse.Json(
            request.Path.EndsWith("runs/get", StringComparison.Ordinal) ? """
                {"run": {"info": {"run_id": "r", "experiment_id": "1", "artifact_uri": "mlflow-artifacts:/1/r/artifacts"},
                "outputs": {"model_outputs": [{"model_id": "m-1"}]}}}
                """
            : request.Path.Contains("/logged-models/", StringComparison.Ordinal) ?
                """{"model": {"info": {"name": "../../up", "artifact_uri": "mlflow-artifacts:/1/models/m-1/artifacts"}}}"""
            : """{"files": [{"path": "model.safetensors", "is_dir": false, "file_size": 3}]}"""));
        using var store = new RestTrackingStore(new MlflowSettings { Address = server.Address });
        Assert.Equal([new("model.safetensors", 3)], store.ArtifactsOf(store.GetRun("r", Stop), Stop).List("", Stop));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Says_what_a_server_refuses(string version)
    {
        using var recorded = new RecordedServer(version);
        string answer = recorded.Response("change a param", "log-parameter").ToJsonString();
        using var server = new Http.FakeServer(_ => Http.FakeResponse.Json(answer, 400));
        using var store = new RestTrackingStore(new MlflowSettings { Address = server.Address });
        var batch = new RunBatch { Parameters = new Dictionary<string, string> { ["seed"] = "43" } };
        var e = Assert.Throws<TrackingException>(() => store.Log("r", batch, Stop));
        Assert.Equal((TrackingFault.InvalidValue, "r"), (e.Fault, e.Target));
        Assert.Contains("already logged with value='42'", e.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    private static RestTrackingStore Open(RecordedServer server) => new(new MlflowSettings { Address = server.Address, Retries = 0 });

    private static ModelVersion VersionFrom(string source) => new()
    {
        Name = Model,
        Version = 3,
        Stage = RegistryStage.None,
        Created = default,
        Updated = default,
        Source = source,
        Tags = new Dictionary<string, string>(),
        Aliases = [],
    };

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static Dictionary<string, string> Tags(JsonObject request) => Pairs(request["tags"]!);

    private static Dictionary<string, string> Pairs(JsonNode list) =>
        list.AsArray().ToDictionary(pair => pair!["key"]!.GetValue<string>(), pair => pair!["value"]!.GetValue<string>());
}
