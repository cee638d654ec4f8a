using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking.Runs;

/// <summary>What a training leaves in a store, also when the store or the training fails.</summary>
public sealed class RunRecorderTests : IDisposable
{
    private const string Experiment = "water-meter-segmentation";
    private readonly string folder = Directory.CreateTempSubdirectory("wms-recorder-").FullName;
    private readonly Observer observer = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Records_parameters_metrics_files_and_the_end()
    {
        using var recorder = new RunRecorder(observer, Local());
        var result = Train(recorder, epochs: 3);
        var recorded = Assert.Single(recorder.Complete([result], CancellationToken.None));

        using var store = OpenLocal();
        var run = store.GetRun(recorded.RunId!, CancellationToken.None);
        Assert.Equal((RunStatus.Finished, "first"), (run.Status, run.Name));
        Assert.Equal(("32x3x4", "7"), (run.Parameters["stages"], run.Parameters["seed"]));
        Assert.Equal((0.8, 0.75, 2L), (run.Metrics["val_dice"].Value, run.Metrics["test_dice"].Value, run.Metrics["val_dice"].Step));
        var losses = store.GetMetricHistory(run.Id, "train_loss_epoch", CancellationToken.None);
        Assert.Equal([0.3, 0.2, 0.1], losses.Select(m => Math.Round(m.Value, 6)));
        Assert.Equal(
            (Environment.MachineName, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), "data", "split"),
            (run.Tags[RunTags.Host], run.Tags[RunTags.ProcessId], run.Tags[RunTags.DataDigest], run.Tags[RunTags.SplitDigest]));
        Assert.Equal(ModelFile.Digest(result.ModelPath), run.Tags[RunTags.ModelDigest]);

        var artifacts = store.ArtifactsOf(run, CancellationToken.None);
        string[] paths = [.. artifacts.List("", CancellationToken.None).Select(a => a.Path)];
        string[] expected =
        [
            "metrics.json", "model/MLmodel", "model/conda.yaml", "model/model.onnx", "model/model.pth", "model/model.safetensors",
            "model/python_env.yaml", "model/requirements.txt", "plots/training.html",
        ];
        Assert.Equal(expected, paths.Order(StringComparer.Ordinal));
        Assert.Equal(ModelFile.Load(result.ModelPath).Weights["final.bias"].Values,
            ModelFile.Load(Path.Combine(artifacts.LocalPath!, "model")).Weights["final.bias"].Values);
        Assert.Empty(observer.Warnings);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    public void A_server_that_fails_costs_no_figure_and_the_run_waits_to_be_sent(int calls)
    {
        const string Server = "http://127.0.0.1:1";
        using var remote = new SqliteTrackingStore(Path.Combine(folder, "remote", "mlflow.db"));
        Directory.CreateDirectory(Path.Combine(folder, "remote"));
        var options = Local() with { Address = Server, Open = () => FailingStore.Create(remote, calls), OpenLocal = OpenLocal };
        using var recorder = new RunRecorder(observer, options);
        var recorded = Assert.Single(recorder.Complete([Train(recorder, epochs: 3)], CancellationToken.None));

        Assert.True(recorded.IsWaiting);
        Assert.Contains("Sync-WmsRun", Assert.Single(observer.Warnings), StringComparison.Ordinal);
        using var store = OpenLocal();
        var waiting = Assert.Single(RunSync.Waiting(store, Server, CancellationToken.None));
        Assert.Equal((RunStatus.Finished, 0.75), (waiting.Status, waiting.Metrics["test_dice"].Value));
        Assert.Equal(3, store.GetMetricHistory(waiting.Id, "val_loss_epoch", CancellationToken.None).Count);

        var sent = RunSync.Send(store, waiting, remote, Experiment, CancellationToken.None);
        Assert.Equal(RunStatus.Finished, sent.Status);
        Assert.Equal(waiting.Parameters, remote.GetRun(sent.Id, CancellationToken.None).Parameters);
        Assert.Equal(3, remote.GetMetricHistory(sent.Id, "val_loss_epoch", CancellationToken.None).Count);
        Assert.Equal(
            store.ArtifactsOf(waiting, CancellationToken.None).List("", CancellationToken.None),
            remote.ArtifactsOf(sent, CancellationToken.None).List("", CancellationToken.None));
        Assert.Empty(RunSync.Waiting(store, Server, CancellationToken.None));
        Assert.Single(remote.ListRuns(new RunQuery(), CancellationToken.None));

        // A process that listed it before this one sent it.
        Assert.Equal(sent.Id, RunSync.Send(store, waiting, remote, Experiment, CancellationToken.None).Id);
        Assert.Single(remote.ListRuns(new RunQuery(), CancellationToken.None));
        Assert.Equal(["mlflow.db"], Directory.EnumerateFiles(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_store_that_cannot_be_written_is_a_warning()
    {
        File.WriteAllText(Path.Combine(folder, "mlflow.db"), "not a database, but long enough to look at: " + new string('x', 2000));
        using var recorder = new RunRecorder(observer, Local());
        var recorded = Assert.Single(recorder.Complete([Train(recorder, epochs: 2)], CancellationToken.None));
        Assert.Null(recorded.RunId);
        Assert.Contains("is not recorded:", Assert.Single(observer.Warnings), StringComparison.Ordinal);
        Assert.Equal(2, observer.Epochs);
    }

    [Theory]
    [InlineData(RunStatus.Killed)]
    [InlineData(RunStatus.Failed)]
    public void A_training_that_ends_early_is_recorded_as_that(RunStatus status)
    {
        using var recorder = new RunRecorder(observer, Local());
        recorder.TrainingStarted(Start());
        recorder.EpochEnded(Epoch(1, 3));
        var recorded = Assert.Single(recorder.Abort(status, TimeSpan.FromSeconds(60)));
        using var store = OpenLocal();
        Assert.Equal(status, store.GetRun(recorded.RunId!, CancellationToken.None).Status);
    }

    [Fact]
    public void A_resumed_training_continues_its_run()
    {
        using (var recorder = new RunRecorder(observer, Local()))
        {
            recorder.TrainingStarted(Start());
            recorder.EpochEnded(Epoch(1, 3));
            recorder.Abort(RunStatus.Killed, TimeSpan.FromSeconds(60));
        }

        using var second = new RunRecorder(observer, Local());
        second.TrainingStarted(Start() with { EpochsDone = 1 });
        second.EpochEnded(Epoch(2, 3));
        var recorded = Assert.Single(second.Complete([End(second)], CancellationToken.None));
        using var store = OpenLocal();
        var run = Assert.Single(store.ListRuns(new RunQuery(), CancellationToken.None));
        Assert.Equal((recorded.RunId, RunStatus.Finished), (run.Id, run.Status));
        Assert.Equal([1, 2], store.GetMetricHistory(run.Id, "val_loss_epoch", CancellationToken.None).Select(m => (int)m.Step));
    }

    [Fact]
    public void A_run_whose_process_has_ended_is_marked_as_killed()
    {
        using var store = OpenLocal();
        string experiment = store.GetOrCreateExperiment(Experiment, CancellationToken.None).Id;
        Run Create(string host, string process, string start) => store.CreateRun(
            new NewRun
            {
                ExperimentId = experiment, Name = host + process, Start = DateTimeOffset.UtcNow,
                Tags = new Dictionary<string, string>
                {
                    [RunTags.Host] = host, [RunTags.ProcessId] = process, [RunTags.ProcessStart] = start,
                },
            },
            CancellationToken.None);

        string own = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var dead = Create(Environment.MachineName, own, "2020-01-01T00:00:00.0000000Z"); // an earlier process with this identifier
        var elsewhere = Create("another-host", own, "2020-01-01T00:00:00.0000000Z");
        using var recorder = new RunRecorder(observer, Local());
        recorder.TrainingStarted(Start());
        recorder.Abort(RunStatus.Failed, TimeSpan.FromSeconds(60));
        Assert.Equal(RunStatus.Killed, store.GetRun(dead.Id, CancellationToken.None).Status);
        Assert.Equal(RunStatus.Running, store.GetRun(elsewhere.Id, CancellationToken.None).Status);
    }

    [Fact]
    public void A_dead_run_that_may_not_be_ended_does_not_cost_the_training_its_record()
    {
        using var store = OpenLocal();
        var dead = store.CreateRun(
            new NewRun
            {
                ExperimentId = store.GetOrCreateExperiment("of another user", CancellationToken.None).Id,
                Name = "dead",
                Start = DateTimeOffset.UtcNow,
                Tags = new Dictionary<string, string>
                {
                    [RunTags.Host] = Environment.MachineName,
                    [RunTags.ProcessId] = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    [RunTags.ProcessStart] = "2020-01-01T00:00:00.0000000Z",
                },
            },
            CancellationToken.None);
        var options = Local() with
        {
            Open = () => FailingStore.CreateRefusing(OpenLocal(), (call, values) => call == "UpdateRun" && dead.Id.Equals(values[0])),
        };
        using var recorder = new RunRecorder(observer, options);
        var recorded = Assert.Single(recorder.Complete([Train(recorder, epochs: 2)], CancellationToken.None));
        Assert.Empty(observer.Warnings);
        Assert.Equal(RunStatus.Finished, store.GetRun(recorded.RunId!, CancellationToken.None).Status);
        Assert.Equal(RunStatus.Running, store.GetRun(dead.Id, CancellationToken.None).Status);
    }

    private RunRecorderOptions Local() => new() { Address = "sqlite", Open = OpenLocal, Experiment = Experiment };

    private SqliteTrackingStore OpenLocal() => new(Path.Combine(folder, "mlflow.db"));

    private string OutputPath => Directory.CreateDirectory(Path.Combine(folder, "runs", "first")).FullName;

    private TrainingStart Start() => new()
    {
        Options = new TrainingOptions { DataPath = folder, OutputPath = OutputPath, Stages = [new TrainingStage(32, 3, 4)], Seed = 7 },
        DataDigest = "data",
        SplitDigest = "split",
        Photos = new Dictionary<DatasetSplit, int> { [DatasetSplit.Train] = 8, [DatasetSplit.Validation] = 2, [DatasetSplit.Test] = 2 },
        Threads = 1,
    };

    private TrainingResult Train(RunRecorder recorder, int epochs)
    {
        recorder.TrainingStarted(Start());
        for (int epoch = 1; epoch <= epochs; epoch++) recorder.EpochEnded(Epoch(epoch, epochs));
        return End(recorder);
    }

    private TrainingResult End(RunRecorder recorder)
    {
        string model = Path.Combine(OutputPath, "model.safetensors"), metrics = Path.Combine(OutputPath, "metrics.json");
        ModelFile.Save(
            new SegmentationModel { Path = model, Shape = new UNetShape(4, 32), Weights = UNetInitializer.Create(4, 1) }, model);
        File.WriteAllText(metrics, "{}");
        var result = new TrainingResult
        {
            ModelPath = model, MetricsPath = metrics, OutputPath = OutputPath, DataPath = folder, CheckpointPath = model,
            BestEpoch = 2, ValidationDice = 0.8, TestDice = 0.75, EndReason = "Completed the last epoch, 3.",
        };
        recorder.TrainingEnded(result);
        return result;
    }

    private static EpochRecord Epoch(int epoch, int epochs) => new()
    {
        Epoch = epoch, Epochs = epochs, TrainingLoss = 0.4 - 0.1 * epoch, ValidationLoss = 0.5, Duration = TimeSpan.FromSeconds(1),
    };

    private sealed class Observer : ITrainingObserver
    {
        public List<string> Warnings { get; } = [];

        public int Epochs { get; private set; }

        public void StepEnded(TrainingProgress progress)
        {
        }

        public void EpochEnded(EpochRecord epoch) => Epochs++;

        public void Verbose(string message)
        {
        }

        public void Information(string message)
        {
        }

        public void Warn(string message) => Warnings.Add(message);
    }
}
