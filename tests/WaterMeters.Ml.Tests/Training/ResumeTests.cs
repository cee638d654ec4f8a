using System.Text.Json.Nodes;
using WaterMeters.Ml.Models.Tensors;
using WaterMeters.Ml.Tests.Models;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

[Collection(TrainingCollection.Name)]
public class ResumeTests
{
    [Theory]
    [InlineData(ScheduleKind.Cosine, 0.9, 0)]
    [InlineData(ScheduleKind.Plateau, 0, 2)]
    public void Ends_with_the_bits_of_an_uninterrupted_training_wherever_it_was_interrupted(
        ScheduleKind schedule, double averageDecay, int patience)
    {
        using var set = TrainingSet.Noise(11, 3, 2);
        TrainingOptions Options(string run) => set.Options(run, "32x2x4", "48x4x3") with
        {
            Schedule = schedule,
            AverageDecay = averageDecay,
            EarlyStoppingPatience = patience,
            LearningRate = 0.02,
            PlateauPatience = 0,
            RotationDegrees = 15,
            RotationProbability = 0.5,
            Seed = 7,
            WarmupSteps = 4,
        };
        var whole = new RecordingObserver();
        var expected = TrainingSet.Train(Options("whole"), whole);

        foreach (var (epoch, step) in new[] { (1, 2), (3, 1), (expected.Epochs, 1) })
        {
            string run = $"interrupted-{epoch}-{step}";
            Interrupt(Options(run), epoch, step);
            if (ResumableRun.Open(set[run])?.Options is not { } started)
            {
                Assert.Equal(1, epoch);
                TrainingSet.Train(Options(run));
            }
            else
            {
                var observer = new RecordingObserver();
                Assert.Equal(expected, TrainingSet.Resume(started, observer) with
                {
                    OutputPath = expected.OutputPath,
                    ModelPath = expected.ModelPath,
                    CheckpointPath = expected.CheckpointPath,
                    MetricsPath = expected.MetricsPath,
                    Duration = expected.Duration,
                    PhotosPerSecond = expected.PhotosPerSecond,
                });
                Assert.Equal(epoch, observer.Steps[0].Epoch);
                Assert.Equal(whole.Steps[^1].Loss, observer.Steps[^1].Loss);
                Assert.Single(observer.InformationLines, s => s == $"resumes after epoch {epoch - 1} of 6");
                Assert.Empty(observer.Warnings);
            }

            AssertSameRun(set, "whole", run);
        }
    }

    [Fact]
    public void Measures_a_finished_training_again_and_writes_the_same_files()
    {
        using var set = TrainingSet.Noise(6, 2, 2);
        var first = TrainingSet.Train(set.Options("run"));
        byte[] model = File.ReadAllBytes(first.ModelPath), metrics = File.ReadAllBytes(first.MetricsPath);
        File.Delete(first.MetricsPath);
        File.WriteAllText(first.ModelPath, "half a model");

        var observer = new RecordingObserver();
        TrainingSet.Resume(ResumableRun.Open(set["run"])!.Options, observer);

        Assert.Empty(observer.Steps);
        Assert.Equal(model, File.ReadAllBytes(first.ModelPath));
        Assert.Equal(metrics, File.ReadAllBytes(first.MetricsPath));
        Assert.Equal(2, File.ReadAllLines(set["run", "epochs.jsonl"]).Length);
    }

    [Fact]
    public void Lists_changes_since_the_checkpoint_and_resumes_only_when_they_are_allowed()
    {
        using var set = TrainingSet.Noise(8, 2, 1);
        Interrupt(set.Options("run", "32x3x4"), 3, 1);
        var run = ResumableRun.Open(set["run"])!;
        var started = run.Options;
        byte[] checkpoint = File.ReadAllBytes(set["run", "checkpoint.safetensors"]);

        (TrainingOptions Options, string Change)[] changed =
        [
            (started with { LearningRate = 0.001 }, "LearningRate is 0.001 and was 0.002"),
            (started with { Stages = [new TrainingStage("32x4x4")] }, "Stage is 32x4x4 and was 32x3x4"),
            (started with { Seed = 3, Loss = LossKind.Bce }, "Loss is Bce and was BceDice; Seed is 3 and was 0"),
            (started with { SplitPath = null }, "the split of the photos changed"),
        ];
        foreach (var (options, change) in changed)
        {
            var error = Assert.Throws<TrainingException>(() => TrainingSet.Resume(options));
            Assert.Equal(
                $"Cannot resume '{set["run"]}' because these settings changed: {change}. " +
                "Restore them, use -Force to continue anyway, or choose another -OutputPath.",
                error.Message);
            var forecast = Assert.Throws<TrainingException>(() => Forecast(options));
            Assert.Equal(error.Message, forecast.Message);
        }

        var unchanged = Forecast(started);
        Assert.Equal((3, 2, 2L), (unchanged.Epochs, unchanged.FinishedEpochs, unchanged.Steps));
        Assert.Contains("2 steps in 1 epoch after the 2 finished;", unchanged.ToString(), StringComparison.Ordinal);

        var wider = Assert.Throws<TrainingException>(() => TrainingSet.Resume(started with { BaseChannels = 8 }, allowChanges: true));
        Assert.Contains("BaseChannels is 8 and was 4", wider.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("-Force", wider.Message, StringComparison.Ordinal);
        Assert.Equal(checkpoint, File.ReadAllBytes(set["run", "checkpoint.safetensors"]));

        var observer = new RecordingObserver();
        var more = started with { Stages = [new TrainingStage("32x4x4")], AverageDecay = 0 };
        var result = TrainingSet.Resume(more, observer, allowChanges: true);
        Assert.Equal(4, result.Epochs);
        Assert.Contains("Stage is 32x4x4", observer.Warnings.Single(), StringComparison.Ordinal);
        File.Delete(set["data", "images", "noise_000.png"]);
        File.Delete(set["data", "masks", "noise_000.png"]);
        var fewer = Assert.Throws<TrainingException>(() => TrainingSet.Resume(ResumableRun.Open(set["run"])!.Options));
        Assert.Contains("the photos changed", fewer.Message, StringComparison.Ordinal);

        TrainingForecast Forecast(TrainingOptions options) =>
            TrainingForecast.Read(options, run, force: false, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Refuses_a_file_that_is_damaged_or_not_a_checkpoint()
    {
        using var set = TrainingSet.Noise(4, 1, 0);
        Assert.Null(ResumableRun.Open(set["run"]));
        var result = TrainingSet.Train(set.Options("run", "32x1x4"));
        byte[] whole = File.ReadAllBytes(result.CheckpointPath);

        File.WriteAllBytes(result.CheckpointPath, whole[..(whole.Length / 2)]);
        Assert.Throws<ModelException>(() => ResumableRun.Open(set["run"]));
        File.Copy(result.ModelPath, result.CheckpointPath, overwrite: true);
        var error = Assert.Throws<ModelException>(() => ResumableRun.Open(set["run"]));
        Assert.Contains("damaged or not a training checkpoint", error.Message, StringComparison.Ordinal);

        // The state of one network with the tensors of another.
        File.WriteAllBytes(result.CheckpointPath, whole);
        var checkpoint = Checkpoint.Read(result.CheckpointPath);
        var wider = checkpoint.State with { Options = checkpoint.State.Options! with { BaseChannels = 5 } };
        (checkpoint with { State = wider }).Write(result.CheckpointPath);
        Assert.Throws<ModelException>(() => ResumableRun.Open(set["run"]));
    }

    private static void Interrupt(TrainingOptions options, int epoch, int step)
    {
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver
        {
            OnStep = p =>
            {
                if (p.Epoch == epoch && p.Step == step) stop.Cancel();
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Run(options, replace: false, observer, stop.Token));
    }

    private static void AssertSameRun(TrainingSet set, string expected, string run)
    {
        Assert.Equal(File.ReadAllBytes(set[expected, "metrics.json"]), File.ReadAllBytes(set[run, "metrics.json"]));
        TestModels.AssertSame(ReadNetwork(expected), ReadNetwork(run));
        Assert.Equal(File.ReadAllBytes(set[expected, "model.safetensors"]), File.ReadAllBytes(set[run, "model.safetensors"]));
        Assert.Equal(Lines(set[expected, "epochs.jsonl"]), Lines(set[run, "epochs.jsonl"]));

        Dictionary<string, WeightTensor> ReadNetwork(string name) => Checkpoint.Read(set[name, "checkpoint.safetensors"]).Network;

        static List<string> Lines(string path) => [.. File.ReadLines(path).Select(line =>
        {
            var json = JsonNode.Parse(line)!.AsObject();
            Assert.True(json.Remove("seconds") && json.Remove("photos_per_second"));
            return json.ToJsonString();
        })];
    }
}
