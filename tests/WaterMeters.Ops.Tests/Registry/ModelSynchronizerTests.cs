using System.Text.Json.Nodes;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tests.Http;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Rest;
using WaterMeters.Ops.Tracking.Runs;

namespace WaterMeters.Ops.Tests.Registry;

/// <summary>What a synchronization leaves in the folder models, also when the store or the network fails.</summary>
public sealed class ModelSynchronizerTests : IDisposable
{
    private readonly RegistryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Copies_the_version_in_production_and_says_which_it_is()
    {
        var version = folder.Publish(folder.WriteModel("a.safetensors", 1, 0.91), ModelStage.Production, "first");
        var plan = Plan();
        Assert.Equal(
            $"Copy version 1 (Dice 0.910) of '{RegistryFolder.Name}', no model is there", plan.Description);
        var sync = ModelSynchronizer.Apply(folder.Store, plan, Stop);
        Assert.Null(sync.PreviousVersion);
        Assert.Equal((ModelSyncOutcome.Updated, 1, version.ModelDigest), (sync.Outcome, sync.Version!.Value, sync.ModelDigest));
        Assert.Equal(Path.Combine(folder.Models, "production.safetensors"), sync.ModelPath);
        Assert.Equal(version.ModelDigest, ModelFile.Digest(sync.ModelPath));

        var current = Current();
        string[] keys =
        [
            "version", "run_id", "stage", "timestamp", "created_at", "metrics", "params", "name", "model_file", "model_digest",
            "tracking_uri",
        ];
        Assert.Equal(keys, current.Select(pair => pair.Key));
        Assert.Equal(("1", version.RunId, "Production", 0.91), (
            (string?)current["version"], (string?)current["run_id"], (string?)current["stage"], (double)current["metrics"]!["test_dice"]!));
        Assert.True(JsonNode.DeepEquals(current, JsonNode.Parse(Assert.Single(History()))));
        Assert.True(Plan().IsCurrent);
        var again = ModelSynchronizer.Current(Plan());
        Assert.Equal((ModelSyncOutcome.Current, 1), (again.Outcome, again.Version!.Value));
        Assert.Equal(
            ["production.safetensors", "production_current.json", "production_history.jsonl"],
            Directory.EnumerateFiles(folder.Models).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Keeps_what_it_replaces_and_lets_no_other_format_stand_before_it()
    {
        Directory.CreateDirectory(folder.Models);
        File.Copy(folder.WriteModel("old.safetensors", 7), Path.Combine(folder.Models, "production.safetensors"));
        File.Copy(folder.WriteModel("old.pth", 8), Path.Combine(folder.Models, "production.pth"));
        File.WriteAllText(Path.Combine(folder.Models, "production_history.jsonl"), "# version | date\n{\"version\": \"0\"}");
        folder.Publish(folder.WriteModel("new.onnx", 1), ModelStage.Production);
        var plan = Plan();
        Assert.StartsWith(
            "Replace 'production.safetensors', whose version is unknown, by version 1", plan.Description, StringComparison.Ordinal);
        var sync = ModelSynchronizer.Apply(folder.Store, plan, Stop);
        Assert.Equal(Path.Combine(folder.Models, "production.onnx"), sync.ModelPath);
        Assert.Equal(sync.ModelPath, ProductionModel.Nearest(folder[""]));
        var kept = Directory.EnumerateFiles(folder.Models, "production-*").Select(file => Path.GetExtension(file));
        Assert.Equal([".pth", ".safetensors"], kept.Order(StringComparer.Ordinal));
        Assert.True(File.Exists(sync.ReplacedPath));
        string[] lines = History();
        Assert.Equal(("# version | date", 3), (lines[0], lines.Length));
        Assert.Equal("1", (string?)JsonNode.Parse(lines[2])!["version"]);
    }

    [Fact]
    public void Says_from_which_version_to_which()
    {
        folder.Publish(folder.WriteModel("a.safetensors", 1), ModelStage.Production);
        ModelSynchronizer.Apply(folder.Store, Plan(), Stop);
        folder.Publish(folder.WriteModel("b.safetensors", 2), ModelStage.Production);
        Assert.Equal($"Replace version 1 by version 2 of '{RegistryFolder.Name}'", Plan().Description);
        var sync = ModelSynchronizer.Apply(folder.Store, Plan(), Stop);
        Assert.Equal((1, 2), (sync.PreviousVersion!.Value, sync.Version!.Value));
        Assert.Equal(2, History().Length);

        // Another hand put a model there: its version is unknown, and the next synchronization replaces it.
        File.Copy(folder.WriteModel("c.safetensors", 3), sync.ModelPath, overwrite: true);
        Assert.False(Plan().IsCurrent);
        Assert.Null(Plan().CurrentVersion);
        Assert.Null(ModelSynchronizer.Cached(folder.Models, RegistryFolder.Name, "")!.Version);
    }

    [Fact]
    public void Replaces_nothing_by_a_file_that_was_changed_in_the_store()
    {
        var version = folder.Publish(folder.WriteModel("a.safetensors", 1), ModelStage.Production);
        ModelSynchronizer.Apply(folder.Store, Plan(), Stop);
        string before = ModelFile.Digest(Path.Combine(folder.Models, "production.safetensors"));
        version = folder.Publish(folder.WriteModel("b.safetensors", 2), ModelStage.Production);
        File.Copy(folder.WriteModel("c.safetensors", 3), version.ModelPath!, overwrite: true);
        var e = Assert.Throws<TrackingException>(() => ModelSynchronizer.Apply(folder.Store, Plan(), Stop));
        Assert.Equal(TrackingFault.WrongDigest, e.Fault);
        Assert.Equal(before, ModelFile.Digest(Path.Combine(folder.Models, "production.safetensors")));
        Assert.Single(History());
    }

    [Fact]
    public void Names_the_artifact_that_is_not_a_model()
    {
        string experiment = folder.Store.GetOrCreateExperiment("python", Stop).Id;
        var run = folder.Store.CreateRun(new NewRun { ExperimentId = experiment, Name = "text", Start = DateTimeOffset.UtcNow }, Stop);
        File.WriteAllText(folder["text"], "no model");
        folder.Store.ArtifactsOf(run, Stop).Upload(folder["text"], "model/data/best.pth", Stop);
        folder.Store.GetOrCreateModel(RegistryFolder.Name, "", Stop);
        folder.Store.CreateVersion(
            new NewModelVersion { Name = RegistryFolder.Name, Source = $"runs:/{run.Id}/model", RunId = run.Id }, Stop);
        folder.Move(1, ModelStage.Production);
        var e = Assert.Throws<ModelException>(() => ModelSynchronizer.Apply(folder.Store, Plan(), Stop));
        Assert.Contains($"'data/best.pth' of version 1 of '{RegistryFolder.Name}'", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Models));
    }

    [Fact]
    public void Reads_the_file_of_the_legacy_pipeline()
    {
        Directory.CreateDirectory(folder.Models);
        File.Copy(folder.WriteModel("old.pth", 8), Path.Combine(folder.Models, "production.pth"));
        File.WriteAllText(
            Path.Combine(folder.Models, "production_current.json"),
            """{"version": 4, "run_id": "r", "stage": "Production", "timestamp": "2020-01-02T03:04:05.678901", "metrics": {}}""");
        var cached = ModelSynchronizer.Cached(folder.Models, RegistryFolder.Name, "http://127.0.0.1")!;
        Assert.Equal((4, ModelStage.Production, true), (cached.Version!.Value, cached.Stage!.Value, cached.IsCached));
        Assert.Equal(new DateTime(2020, 1, 2, 3, 4, 5), cached.Synced, TimeSpan.FromSeconds(1));
        Assert.Matches(
            @"is version 4 \(Production\) of 'water-meter-segmentation', copied \d+ days ago$", ModelSynchronizer.Describe(cached));
    }

    [Theory]
    [InlineData("Production", true)]
    [InlineData("@champion", true)]
    [InlineData("v4", true)]
    [InlineData("models:/water-meter-segmentation/4", true)]
    [InlineData("Archived", true)]
    [InlineData("3", false)]
    [InlineData("Staging", false)]
    [InlineData("challenger", false)]
    [InlineData("models:/water-meter-segmentation/latest", false)]
    [InlineData("runs:/0a", false)]
    public void Offline_another_version_than_the_one_asked_for_does_not_stand_in(string reference, bool expected)
    {
        var cached = new ModelSync
        {
            ModelName = RegistryFolder.Name, Version = 4, Stage = ModelStage.Archived, ModelPath = "", ModelDigest = "", TrackingUri = "",
        };
        Assert.Equal(expected, ModelSynchronizer.MayStandIn(cached, RegistryFolder.Name, reference));
        Assert.False(ModelSynchronizer.MayStandIn(cached, "another", reference));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(100, false)]
    [InlineData(100, true)]
    public void Keeps_the_model_when_a_download_fails(int? cut, bool withoutLength)
    {
        string file = folder.WriteModel("a.safetensors", 1);
        folder.Publish(file, ModelStage.Production);
        var first = ModelSynchronizer.Apply(folder.Store, Plan(), Stop);
        byte[] bytes = File.ReadAllBytes(folder.WriteModel("b.safetensors", 2));
        using var server = new FakeServer(request => Answer(request, bytes.Length) ?? (cut is null
            ? FakeResponse.Lost
            : new FakeResponse(200, bytes) { Cut = cut, WithoutLength = withoutLength }));
        using var store = new RestTrackingStore(
            new MlflowSettings { Address = server.Address, Retries = 1, RetryDelay = TimeSpan.FromMilliseconds(1) });
        var plan = ModelSynchronizer.Plan(store, RegistryFolder.Name, "Production", folder.Models, Stop);
        Assert.Equal((9, false, 1), (plan.Version.Version, plan.IsCurrent, plan.CurrentVersion!.Value));
        var e = Assert.Throws<TrackingException>(() => ModelSynchronizer.Apply(store, plan, Stop));
        Assert.Equal(TrackingFault.Unreachable, e.Fault);
        Assert.Equal(first.ModelDigest, ModelFile.Digest(first.ModelPath));
        Assert.Single(History());
        Assert.DoesNotContain(Directory.EnumerateFiles(folder.Models), path => path.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public void Copies_from_a_server_and_compares_the_digest()
    {
        string file = folder.WriteModel("b.safetensors", 2), digest = ModelFile.Digest(file);
        byte[] bytes = File.ReadAllBytes(file);
        string registered = digest;
        using var server = new FakeServer(request =>
            Answer(request, bytes.Length, registered) ?? new FakeResponse(200, bytes));
        using var store = new RestTrackingStore(new MlflowSettings { Address = server.Address, Retries = 0 });
        var sync = ModelSynchronizer.Apply(store, ModelSynchronizer.Plan(store, RegistryFolder.Name, "9", folder.Models, Stop), Stop);
        Assert.Equal((9, digest, bytes.LongLength), (sync.Version!.Value, sync.ModelDigest, sync.Bytes));

        registered = new string('0', 64);
        var plan = ModelSynchronizer.Plan(store, RegistryFolder.Name, "Production", folder.Models, Stop);
        Assert.False(plan.IsCurrent);
        var e = Assert.Throws<TrackingException>(() => ModelSynchronizer.Apply(store, plan, Stop));
        Assert.Equal(TrackingFault.WrongDigest, e.Fault);
        Assert.Equal(digest, ModelFile.Digest(sync.ModelPath));
    }

    /// <summary>A server with version 9 in production, but for the bytes of its file.</summary>
    private static FakeResponse? Answer(FakeRequest request, int size, string digest = "")
    {
        const string Artifacts = "/api/2.0/mlflow-artifacts/artifacts";
        if (request.Path.StartsWith(Artifacts + "/", StringComparison.Ordinal)) return null;
        var version = new JsonObject
        {
            ["name"] = RegistryFolder.Name, ["version"] = "9", ["creation_timestamp"] = 1_700_000_000_000, ["current_stage"] = "Production",
            ["last_updated_timestamp"] = 1_700_000_000_000, ["source"] = "mlflow-artifacts:/9", ["status"] = "READY",
        };
        if (digest.Length > 0) version["tags"] = new JsonArray(new JsonObject { ["key"] = RunTags.ModelDigest, ["value"] = digest });
        var answer = request.Path.Split("/api/2.0/")[^1] switch
        {
            "mlflow-artifacts/artifacts" => new JsonObject
            {
                ["files"] = new JsonArray(new JsonObject { ["path"] = "model.safetensors", ["is_dir"] = false, ["file_size"] = size }),
            },
            "mlflow/model-versions/search" => new JsonObject { ["model_versions"] = new JsonArray(version) },
            "mlflow/model-versions/get" => new JsonObject { ["model_version"] = version },
            "mlflow/model-versions/get-download-uri" => new JsonObject { ["artifact_uri"] = "mlflow-artifacts:/9" },
            _ => new JsonObject { ["registered_model"] = new JsonObject { ["name"] = RegistryFolder.Name } },
        };
        return FakeResponse.Json(answer.ToJsonString());
    }

    private SyncPlan Plan() => ModelSynchronizer.Plan(folder.Store, RegistryFolder.Name, "Production", folder.Models, Stop);

    private JsonObject Current() => JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Models, "production_current.json")))!.AsObject();

    private string[] History() => File.ReadAllLines(Path.Combine(folder.Models, "production_history.jsonl"));
}
