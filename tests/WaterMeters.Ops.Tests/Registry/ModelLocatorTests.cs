using System.Security.Cryptography;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tests.Tracking.Sqlite;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Registry;

/// <summary>The file of a registered model: in place in a local store, in the cache for one on a server.</summary>
public sealed class ModelLocatorTests : IDisposable
{
    private const string Model = RegistryServer.Model;

    private readonly TempFolder temp = new();
    private readonly List<string> warnings = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => temp.Dispose();

    [Fact]
    public void Uses_a_local_file_where_it_is_whatever_it_is_called()
    {
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var registered = Log(store, "first", "model/model.safetensors", "model/model.onnx", "plots/training.html");
        store.GetOrCreateModel(Model, "", Stop);
        store.CreateVersion(new() { Name = Model, Source = $"runs:/{registered.Id}/model", RunId = registered.Id }, Stop);
        var now = DateTimeOffset.UtcNow;
        store.SetStage(
            new() { Name = Model, Version = 1, Stage = RegistryStage.Production, Alias = "champion", By = "ana", Time = now }, Stop);

        string file = temp["mlruns", "1", registered.Id, "artifacts", "model", "model.safetensors"];
        string[] names =
            ["Production", "champion", "@champion", "1", "v1", $"runs:/{registered.Id}", $"models:/{Model}/1", $"models:/{Model}@champion"];
        foreach (string name in names)
        {
            Assert.Equal((name, file, $"{Model}-1"), (name, Locate(store, name).Path, Locate(store, name).Label));
        }

        // A path chooses among the files of a run; a run without a version has the name of the run.
        Assert.Equal(Path.ChangeExtension(file, ".onnx"), Locate(store, $"runs:/{registered.Id}/model/model.onnx").Path);
        var other = Log(store, "second", "model/model.pth");
        var found = Locate(store, $"runs:/{other.Id}");
        Assert.Equal((temp["mlruns", "1", other.Id, "artifacts", "model", "model.pth"], "second"), (found.Path, found.Label));
        Assert.False(Directory.Exists(temp["cache"]));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Refuses_a_local_file_that_was_changed_after_it_was_registered()
    {
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var registered = Log(store, "first", "model/model.safetensors");
        string file = temp["mlruns", "1", registered.Id, "artifacts", "model", "model.safetensors"];
        var tags = new Dictionary<string, string> { [RunTags.ModelDigest] = Digest(File.ReadAllBytes(file)) };
        store.GetOrCreateModel(Model, "", Stop);
        store.CreateVersion(new() { Name = Model, Source = $"runs:/{registered.Id}/model", RunId = registered.Id, Tags = tags }, Stop);
        Assert.Equal(file, Locate(store, "1").Path);

        File.AppendAllText(file, "x");
        var error = Assert.Throws<TrackingException>(() => Locate(store, "1"));
        Assert.Equal((TrackingFault.WrongDigest, file), (error.Fault, error.Target));
        Assert.Contains("Publish-WmsModel", error.Message, StringComparison.Ordinal);
        Assert.Equal(file, Locate(store, $"runs:/{registered.Id}/model/model.safetensors").Path);
    }

    [Fact]
    public void Says_what_is_there_when_a_run_has_no_model_or_its_files_are_gone()
    {
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var empty = Log(store, "empty", "metrics.json");
        var error = Assert.Throws<TrackingException>(() => Locate(store, $"runs:/{empty.Id}"));
        Assert.Equal(TrackingFault.NotFound, error.Fault);
        Assert.Contains("metrics.json", error.Message, StringComparison.Ordinal);

        var gone = Log(store, "gone", "model/model.safetensors");
        store.GetOrCreateModel(Model, "", Stop);
        store.CreateVersion(new() { Name = Model, Source = $"runs:/{gone.Id}/model", RunId = gone.Id }, Stop);
        Directory.Delete(temp["mlruns", "1", gone.Id], recursive: true);
        error = Assert.Throws<TrackingException>(() => Locate(store, "1"));
        Assert.Contains($"version 1 of '{Model}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("moved or deleted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Knows_that_no_version_is_in_production_only_if_the_store_says_so()
    {
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var locator = new ModelLocator { Store = store, DefaultModel = Model };
        Assert.Null(locator.InProduction(Stop));

        var run = Log(store, "first", "model/model.safetensors");
        store.GetOrCreateModel(Model, "", Stop);
        store.CreateVersion(new() { Name = Model, Source = $"runs:/{run.Id}/model", RunId = run.Id }, Stop);
        Assert.Null(locator.InProduction(Stop));
        store.SetStage(
            new() { Name = Model, Version = 1, Stage = RegistryStage.Production, By = "ana", Time = DateTimeOffset.UtcNow }, Stop);
        Assert.Equal(1, locator.InProduction(Stop)!.Version);
        Directory.Delete(temp["mlruns", "1", run.Id], recursive: true);
        Assert.Throws<TrackingException>(() => locator.InProduction(Stop));

        using var server = new RegistryServer { IsDown = true };
        using var remote = server.Open();
        Assert.Throws<TrackingException>(() => new ModelLocator { Store = remote, DefaultModel = Model }.InProduction(Stop));
    }

    [Theory]
    [InlineData("2.22.1")]
    [InlineData("3.17.2")]
    public void Finds_the_models_that_MLflow_logged_itself(string version)
    {
        using var store = new SqliteTrackingStore(RawDatabase.CopyGolden(version, temp.Path));
        string file = Locate(store, $"models:/{Model}/3").Path;
        Assert.Equal("model.pth", Path.GetFileName(file));
        Assert.Equal(5803, new FileInfo(file).Length);
    }

    [Fact]
    public void Downloads_a_version_once_and_asks_each_time_which_it_is()
    {
        using var server = new RegistryServer();
        server.Add(1, Bytes(1));
        server.Add(2, Bytes(2), Digest(Bytes(2)));
        server.Production = 1;
        using var store = server.Open();
        var first = Locate(store, "Production");
        Assert.Equal((1, $"{Model}-1"), (first.Version, first.Label));
        Assert.Equal(Bytes(1), File.ReadAllBytes(first.Path));
        Assert.StartsWith(temp["cache"], first.Path, StringComparison.Ordinal);
        Assert.Equal(first, Locate(store, "Production"));
        Assert.Equal(first, Locate(store, "@champion"));
        Assert.Equal(1, server.Downloads);

        server.Production = 2;
        var second = Locate(store, "Production");
        Assert.Equal(Bytes(2), File.ReadAllBytes(second.Path));
        Assert.Equal(Bytes(1), File.ReadAllBytes(first.Path));
        Assert.Equal((2, 2), (second.Version, server.Downloads));

        // A file that lost its end is downloaded again.
        File.WriteAllBytes(second.Path, Bytes(2)[..9]);
        Assert.Equal(second, Locate(store, "2"));
        Assert.Equal((3, Bytes(2).Length), (server.Downloads, File.ReadAllBytes(second.Path).Length));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Uses_the_last_answer_when_the_server_cannot_be_reached_and_says_so()
    {
        using var server = new RegistryServer { Production = 1 };
        server.Add(1, Bytes(1));
        using var store = server.Open();
        server.IsDown = true;
        Assert.Equal(TrackingFault.Unreachable, Assert.Throws<TrackingException>(() => Locate(store, "Production")).Fault);

        server.IsDown = false;
        var found = Locate(store, "Production");
        server.IsDown = true;
        Assert.Equal(found, Locate(store, "Production"));
        string warning = Assert.Single(warnings);
        Assert.Contains($"version 1 of '{Model}', which was 'models:/{Model}/Production' a minute ago", warning, StringComparison.Ordinal);

        // What was never asked for is not known, nor what another workspace has.
        using var other = server.Open(workspace: "another");
        Assert.Throws<TrackingException>(() => Locate(other, "Production"));
        Assert.Throws<TrackingException>(() => Locate(store, "Staging"));
        File.Delete(found.Path);
        Assert.Throws<TrackingException>(() => Locate(store, "Production"));
    }

    [Fact]
    public void Keeps_nothing_of_a_download_that_failed()
    {
        using var server = new RegistryServer { Production = 1, Cut = 5 };
        server.Add(1, Bytes(1));
        server.Add(2, Bytes(2), Digest(Bytes(1)));
        using var store = server.Open();
        Assert.Throws<TrackingException>(() => Locate(store, "Production"));
        Assert.Empty(Models());

        server.Cut = null;
        var error = Assert.Throws<TrackingException>(() => Locate(store, "2"));
        Assert.Equal(TrackingFault.WrongDigest, error.Fault);
        Assert.Contains("not the file that was registered", error.Message, StringComparison.Ordinal);
        Assert.Empty(Models());
        Assert.Equal(1, Locate(store, "Production").Version);

        string[] Models() => Directory.Exists(temp["cache"])
            ? Directory.GetFiles(temp["cache"], "*", SearchOption.AllDirectories)
            : [];
    }

    [Fact]
    public void Says_where_a_model_could_be_kept_when_the_user_has_no_folder()
    {
        using var server = new RegistryServer { Production = 1 };
        server.Add(1, Bytes(1));
        using var store = server.Open();
        var locator = new ModelLocator { Store = store, DefaultModel = Model };
        var error = Assert.Throws<TrackingException>(() => locator.Locate(ModelReference.Parse("Production")!, Stop));
        Assert.Contains("WMS_CACHE_PATH", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(int version) => [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * version))];

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private LocatedModel Locate(ITrackingStore store, string name) => new ModelLocator
    {
        Store = store, DefaultModel = Model, Cache = new ModelCache(temp["cache"]), Warn = warnings.Add,
    }.Locate(ModelReference.Parse(name)!, Stop);

    private Run Log(SqliteTrackingStore store, string name, params string[] files)
    {
        string experiment = store.GetOrCreateExperiment("x", Stop).Id;
        var run = store.CreateRun(new() { ExperimentId = experiment, Name = name, Start = DateTimeOffset.UtcNow }, Stop);
        var artifacts = store.ArtifactsOf(run, Stop);
        File.WriteAllText(temp["content"], name);
        foreach (string file in files) artifacts.Upload(temp["content"], file, Stop);
        return run;
    }
}
