using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Jobs;
using WaterMeters.Ops.Tracking.Runs;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Jobs;

/// <summary>What the client records of a training on the machine.</summary>
public sealed class JobReplayTests
{
    private static readonly DateTimeOffset Began = new(2026, 11, 30, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_run_has_the_times_and_the_machine_of_the_job()
    {
        var stop = TestContext.Current.CancellationToken;
        using var job = new TestJob();
        using var temp = new TempFolder();
        Directory.CreateDirectory(job.Output);
        string model = Path.Combine(job.Output, "model.safetensors"), metrics = Path.Combine(job.Output, "metrics.json");
        ModelFile.Save(
            new SegmentationModel { Path = model, Shape = new UNetShape(4, 32), Weights = UNetInitializer.Create(4, 1) }, model);
        File.WriteAllText(metrics, "{}");
        var start = new TrainingStart
        {
            Options = TestJob.Options with { OutputPath = job.Output, Stages = [new TrainingStage(32, 3, 4)] },
            DataDigest = "data",
            SplitDigest = "split",
            Photos = new Dictionary<DatasetSplit, int>(),
        };
        var result = new TrainingResult
        {
            ModelPath = model, MetricsPath = metrics, OutputPath = job.Output, DataPath = temp.Path, CheckpointPath = model, BestEpoch = 1,
            ValidationDice = 0.8,
        };
        JobEvent[] events =
        [
            new() { Kind = JobEventKind.Start, Start = start, Time = Began, Machine = "its machine" },
            new() { Kind = JobEventKind.Epoch, Epoch = new EpochRecord { Epoch = 1, Epochs = 1 }, Time = Began.AddHours(1) },
            new() { Kind = JobEventKind.End, Result = result, Time = Began.AddHours(2) },
        ];
        byte[] lines = [.. events.SelectMany(one => (byte[])[.. JobJson.Bytes(one), (byte)'\n'])];
        job.Store.Write(JobStore.Part(1), lines, stop);

        var here = new RemoteTrainingOptions { DataPath = temp.Path, OutputPath = job.Output };
        var progress = new JobProgress(job.Store, here, new TestJob.SeenMessages());
        progress.Show(stop);
        using var recorder = new RunRecorder(new TestJob.SeenMessages(), new RunRecorderOptions
        {
            Open = () => new SqliteTrackingStore(temp["mlflow.db"]),
            Address = "here",
            Experiment = "meters",
        });
        progress.Replay(recorder);
        var recorded = Assert.Single(recorder.Complete([result], stop));

        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var run = store.GetRun(recorded.RunId!, stop);
        Assert.Equal((Began, Began.AddHours(2)), (run.Start, run.End));
        Assert.Equal("its machine", run.Tags[RunTags.Machine]);
        Assert.Equal(Began.AddHours(1), Assert.Single(store.GetMetricHistory(run.Id, "train_loss_epoch", stop)).Time);
        Assert.Equal(Began.AddHours(2), run.Metrics["val_dice"].Time);
    }

    [Fact]
    public void The_job_sends_the_time_of_each_event_and_its_machine()
    {
        using var job = new TestJob();
        var before = DateTimeOffset.UtcNow;
        using (var feed = new JobFeed(job.Store, () => { }))
        {
            feed.TrainingStarted(new TrainingStart
            {
                Options = TestJob.Options, DataDigest = "", SplitDigest = "", Photos = new Dictionary<DatasetSplit, int>(),
            });
            feed.End(TimeSpan.FromMinutes(1));
        }

        byte[] part = job.Store.Read(JobStore.Part(1), TestContext.Current.CancellationToken)!;
        var sent = JobJson.Read<JobEvent>(part.AsSpan().TrimEnd((byte)'\n'), "part");
        Assert.InRange(sent.Time!.Value, before, DateTimeOffset.UtcNow);
        Assert.Equal(TrainingFigures.Machine, sent.Machine);
    }
}
