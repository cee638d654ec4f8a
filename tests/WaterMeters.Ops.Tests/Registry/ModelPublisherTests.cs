using WaterMeters.Ml.Models;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;

namespace WaterMeters.Ops.Tests.Registry;

/// <summary>What a publication leaves in the store.</summary>
public sealed class ModelPublisherTests : IDisposable
{
    private readonly RegistryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Makes_a_run_for_a_file()
    {
        string file = folder.WriteModel("night.safetensors", 1, 0.8);
        var made = folder.Publish(file, ModelStage.Staging, "To be tried", alias: "night");
        Assert.Equal((1, ModelStage.Staging, "challenger, night", "To be tried"), (made.Version, made.Stage, made.Aliases, made.Reason));

        var run = folder.Store.GetRun(made.RunId!, Stop);
        Assert.Equal((RunStatus.Finished, "night", 0.8), (run.Status, run.Name, run.Metrics["test_dice"].Value));
        Assert.Equal(("data", "split", "Publish-WmsModel"),
            (run.Tags[RunTags.DataDigest], run.Tags[RunTags.SplitDigest], run.Tags[MlflowTags.SourceName]));
        Assert.Contains("\"artifact_path\":\"model\"", run.Tags[MlflowTags.LoggedModels], StringComparison.Ordinal);
        var files = folder.Store.ArtifactsOf(run, Stop).List("model", Stop).Select(artifact => Path.GetFileName(artifact.Path)).ToArray();
        Assert.All(new[] { "MLmodel", "model.onnx", "model.pth", "model.safetensors" }, name => Assert.Contains(name, files));

        // The same weights, written again, are the same bytes: the digest is that of the file and of the artifact.
        Assert.Equal(ModelFile.Digest(file), made.ModelDigest);
        Assert.Equal(made.ModelDigest, ModelFile.Digest(made.ModelPath!));
    }

    [Fact]
    public void Registers_the_model_of_a_run()
    {
        var first = folder.Publish(folder.WriteModel("a.safetensors", 1, 0.8));
        var request = new PublishRequest { ModelName = "another", Experiment = "unused", RunId = first.RunId };
        var plan = ModelPublisher.Plan(folder.Store, request, Stop);
        Assert.Equal($"Register the model of the run 'a' ({first.RunId}) as a new version", plan.Description);
        Assert.Null(plan.Same);
        var made = folder.Publish(request);
        Assert.Equal((1, "another", first.RunId, first.ModelDigest), (made.Version, made.ModelName, made.RunId, made.ModelDigest));
        Assert.Single(folder.Store.ListRuns(new RunQuery(), Stop));
        Assert.Equal(1, ModelPublisher.Plan(folder.Store, request, Stop).Same);
    }

    [Fact]
    public void Finds_the_run_of_a_folder_that_has_its_model()
    {
        string file = folder.WriteModel("a.safetensors", 1), training = Path.GetDirectoryName(file)!;
        var first = folder.Publish(file);
        Assert.Null(ModelPublisher.RunOf(folder.Store, training, file, Stop));
        new RunLink(folder.Store.Address, first.RunId!).Write(training);
        Assert.Equal(first.RunId, ModelPublisher.RunOf(folder.Store, training, file, Stop));

        // Trained further, in another store, or its run is not there: the file is published.
        Assert.Null(ModelPublisher.RunOf(folder.Store, training, folder.WriteModel("b.safetensors", 2), Stop));
        new RunLink("https://mlflow.example.com", first.RunId!).Write(training);
        Assert.Null(ModelPublisher.RunOf(folder.Store, training, file, Stop));
        new RunLink(folder.Store.Address, new string('0', 32)).Write(training);
        Assert.Null(ModelPublisher.RunOf(folder.Store, training, file, Stop));
    }

    [Fact]
    public void Refuses_a_model_that_is_not_the_one_that_its_run_recorded()
    {
        var first = folder.Publish(folder.WriteModel("a.safetensors", 1, 0.8));
        File.Copy(folder.WriteModel("b.safetensors", 2), first.ModelPath!, overwrite: true);
        var e = Assert.Throws<TrackingException>(() =>
            folder.Publish(new PublishRequest { ModelName = "another", Experiment = "unused", RunId = first.RunId }));
        Assert.Equal((TrackingFault.WrongDigest, first.RunId), (e.Fault, e.Target));
        Assert.Null(folder.Store.FindModel("another", Stop));
    }

    [Fact]
    public void Finds_a_model_that_was_logged_as_a_file_in_another_folder()
    {
        string experiment = folder.Store.GetOrCreateExperiment("python", Stop).Id;
        var run = folder.Store.CreateRun(new NewRun { ExperimentId = experiment, Name = "legacy", Start = DateTimeOffset.UtcNow }, Stop);
        string file = folder.WriteModel("legacy.pth", 1);
        folder.Store.ArtifactsOf(run, Stop).Upload(file, "weights/best.pth", Stop);
        var made = folder.Publish(new PublishRequest { ModelName = RegistryFolder.Name, Experiment = "unused", RunId = run.Id });
        Assert.EndsWith("weights", made.Source, StringComparison.Ordinal);
        Assert.Equal((ModelFile.Digest(file), "best.pth"), (made.ModelDigest, Path.GetFileName(made.ModelPath)));
    }

    [Fact]
    public void Keeps_an_onnx_file_as_it_is()
    {
        string file = folder.WriteModel("m.onnx", 1);
        var made = folder.Publish(file);
        Assert.EndsWith("model.onnx", made.ModelPath, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(made.ModelPath!));
    }

    [Fact]
    public void Refuses_a_run_without_a_model_and_a_file_that_is_none()
    {
        string experiment = folder.Store.GetOrCreateExperiment("python", Stop).Id;
        var run = folder.Store.CreateRun(new NewRun { ExperimentId = experiment, Name = "empty", Start = DateTimeOffset.UtcNow }, Stop);
        var e = Assert.Throws<TrackingException>(() =>
            folder.Publish(new PublishRequest { ModelName = RegistryFolder.Name, Experiment = "unused", RunId = run.Id }));
        Assert.Equal((TrackingFault.NotFound, run.Id), (e.Fault, e.Target));

        File.WriteAllText(folder["text.safetensors"], "no model");
        Assert.Throws<ModelException>(() => folder.Publish(folder["text.safetensors"]));
        Assert.Single(folder.Store.ListRuns(new RunQuery(), Stop));
        Assert.Null(folder.Store.FindModel(RegistryFolder.Name, Stop));
    }

    [Fact]
    public void Marks_the_run_as_failed_when_its_model_cannot_be_written()
    {
        using var stopped = new CancellationTokenSource();
        string file = folder.WriteModel("a.safetensors", 1);
        var plan = ModelPublisher.Plan(
            folder.Store, new PublishRequest { ModelName = RegistryFolder.Name, Experiment = "python", FilePath = file }, Stop);

        // A file where the folder of the artifacts belongs.
        File.WriteAllText(folder["mlruns"], "");
        Assert.Throws<TrackingException>(() => ModelPublisher.Publish(folder.Store, plan, stopped.Token));
        Assert.Equal(RunStatus.Failed, Assert.Single(folder.Store.ListRuns(new RunQuery(), Stop)).Status);
        Assert.Empty(folder.Store.ListVersions(RegistryFolder.Name, Stop));
    }
}
