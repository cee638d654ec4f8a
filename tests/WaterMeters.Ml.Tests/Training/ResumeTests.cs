using System.Text.Json.Nodes;
using WaterMeters.Ml.Tests.Models;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

[Collection(TrainingCollection.Name)]
public class ResumeTests
{
    [Theory]
    [InlineData(ScheduleKind.Cosine, 0.9, 0)]
    [InlineData(ScheduleKind.Plateau, 0, 2)]
    public void Ends_with_the_bits_of_an_unbroken_training_wherever_it_was_broken_off(ScheduleKind schedule, double averageDecay, int patience)
    {
        using var set = TrainingSet.Noise(11, 3, 2);
        TrainingOptions Options(string run) => set.Options(run, "32x2x4", "48x4x3") with
        {
            Schedule = schedule, AverageDecay = averageDecay, EarlyStoppingPatience = patience, LearningRate = 0.02, PlateauPatience = 0,
            RotationDegrees = 15, RotationProbability = 0.5, Seed = 7, WarmupSteps = 4,
        };
        var whole = new RecordingObserver();
        var expected = Trainer.Run(Options("whole"), replace: false, whole, TestContext.Current.CancellationToken);

        foreach (var (epoch, step) in new[] { (1, 2), (2, 1), (3, 1), (3, 4), (expected.Epochs, 1) })
        {
            string run = $"broken-{epoch}-{step}";
            BreakOff(Options(run), epoch, step);
            if (Trainer.SettingsOf(set[run]) is not { } begun)
            {
                Assert.Equal(1, epoch);
                begun = Options(run);
                Trainer.Run(begun, replace: false, new RecordingObserver(), TestContext.Current.CancellationToken);
            }
            else
            {
                var observer = new RecordingObserver();
                Assert.Equal(expected, Trainer.Resume(begun, otherwise: false, observer, TestContext.Current.CancellationToken) with
                {
                    OutputPath = expected.OutputPath, ModelPath = expected.ModelPath, CheckpointPath = expected.CheckpointPath, MetricsPath = expected.MetricsPath,
                    Duration = expected.Duration, PhotosPerSecond = expected.PhotosPerSecond,
                });
                Assert.Equal(epoch, observer.Steps[0].Epoch);
                Assert.Equal(whole.Steps[^1].Loss, observer.Steps[^1].Loss);
                Assert.Contains($"after epoch {epoch - 1} of 6", observer.Said.Single(s => s.StartsWith("resumes", StringComparison.Ordinal)), StringComparison.Ordinal);
                Assert.Empty(observer.Warnings);
            }

            AssertSameRun(set, "whole", run);
        }
    }

    [Fact]
    public void Measures_again_a_training_that_was_over_and_leaves_the_same_files()
    {
        using var set = TrainingSet.Noise(6, 2, 2);
        var first = Trainer.Run(set.Options("run"), replace: false, new RecordingObserver(), TestContext.Current.CancellationToken);
        byte[] model = File.ReadAllBytes(first.ModelPath), metrics = File.ReadAllBytes(first.MetricsPath);
        File.Delete(first.MetricsPath);
        File.WriteAllText(first.ModelPath, "half a model");

        var observer = new RecordingObserver();
        Trainer.Resume(Trainer.SettingsOf(set["run"])!, otherwise: false, observer, TestContext.Current.CancellationToken);

        Assert.Empty(observer.Steps);
        Assert.Equal(model, File.ReadAllBytes(first.ModelPath));
        Assert.Equal(metrics, File.ReadAllBytes(first.MetricsPath));
        Assert.Equal(2, File.ReadAllLines(set["run", "epochs.jsonl"]).Length);
    }

    [Fact]
    public void Refuses_by_name_what_is_otherwise_than_in_the_checkpoint_unless_told()
    {
        using var set = TrainingSet.Noise(8, 2, 1);
        BreakOff(set.Options("run", "32x3x4"), 3, 1);
        var begun = Trainer.SettingsOf(set["run"])!;
        byte[] checkpoint = File.ReadAllBytes(set["run", "checkpoint.safetensors"]);

        (TrainingOptions Options, string Named)[] others =
        [
            (begun with { LearningRate = 0.001 }, "LearningRate is 0.001 and was 0.002"),
            (begun with { Stages = [new TrainingStage("32x4x4")] }, "Stage is 32x4x4 and was 32x3x4"),
            (begun with { Seed = 3, Loss = LossKind.Bce }, "Loss is Bce and was BceDice; Seed is 3 and was 0"),
            (begun with { SplitPath = null }, "the split of the photos is another"),
        ];
        foreach (var (options, named) in others)
        {
            var error = Assert.Throws<TrainingException>(() => Trainer.Resume(options, otherwise: false, new RecordingObserver(), CancellationToken.None));
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
            Assert.Contains("-Force", error.Message, StringComparison.Ordinal);
            var foretold = Assert.Throws<TrainingException>(() => TrainingForecast.Read(options, resume: true, force: false, CancellationToken.None));
            Assert.Equal(error.Message, foretold.Message);
        }

        var forecast = TrainingForecast.Read(begun, resume: true, force: false, CancellationToken.None);
        Assert.Equal((3, 2, 2L), (forecast.Epochs, forecast.FinishedEpochs, forecast.Steps));
        Assert.Contains("2 steps in 1 epoch after the 2 that are done", forecast.ToString(), StringComparison.Ordinal);

        var wider = Assert.Throws<TrainingException>(() => Trainer.Resume(begun with { BaseChannels = 8 }, otherwise: true, new RecordingObserver(), CancellationToken.None));
        Assert.Contains("BaseChannels is 8 and was 4", wider.Message, StringComparison.Ordinal);
        Assert.Equal(checkpoint, File.ReadAllBytes(set["run", "checkpoint.safetensors"]));

        var observer = new RecordingObserver();
        var result = Trainer.Resume(begun with { Stages = [new TrainingStage("32x4x4")], AverageDecay = 0 }, otherwise: true, observer, TestContext.Current.CancellationToken);
        Assert.Equal(4, result.Epochs);
        Assert.Contains("Stage is 32x4x4", observer.Warnings.Single(), StringComparison.Ordinal);
        File.Delete(set["data", "images", "noise_000.png"]);
        File.Delete(set["data", "masks", "noise_000.png"]);
        var fewer = Assert.Throws<TrainingException>(() => Trainer.Resume(Trainer.SettingsOf(set["run"])!, otherwise: false, new RecordingObserver(), CancellationToken.None));
        Assert.Contains("the photos are others", fewer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_checkpoint_that_is_damaged_or_none()
    {
        using var set = TrainingSet.Noise(4, 1, 0);
        Assert.Null(Trainer.SettingsOf(set["run"]));
        var result = Trainer.Run(set.Options("run", "32x1x4"), replace: false, new RecordingObserver(), TestContext.Current.CancellationToken);
        byte[] whole = File.ReadAllBytes(result.CheckpointPath);

        File.WriteAllBytes(result.CheckpointPath, whole[..(whole.Length / 2)]);
        Assert.Throws<ModelException>(() => Trainer.SettingsOf(set["run"]));
        File.Copy(result.ModelPath, result.CheckpointPath, overwrite: true);
        var error = Assert.Throws<ModelException>(() => Trainer.SettingsOf(set["run"]));
        Assert.Contains("no whole checkpoint", error.Message, StringComparison.Ordinal);

        // The state of one network beside the tensors of another.
        File.WriteAllBytes(result.CheckpointPath, whole);
        var checkpoint = Checkpoint.Read(result.CheckpointPath);
        (checkpoint with { State = checkpoint.State with { Options = checkpoint.State.Options! with { BaseChannels = 5 } } }).Write(result.CheckpointPath);
        Assert.Throws<ModelException>(() => Trainer.SettingsOf(set["run"]));
    }

    private static void BreakOff(TrainingOptions options, int epoch, int step)
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
        TestModels.AssertSame(Checkpoint.Read(set[expected, "checkpoint.safetensors"]).Network, Checkpoint.Read(set[run, "checkpoint.safetensors"]).Network);
        Assert.Equal(File.ReadAllBytes(set[expected, "model.safetensors"]), File.ReadAllBytes(set[run, "model.safetensors"]));
        Assert.Equal(Lines(set[expected, "epochs.jsonl"]), Lines(set[run, "epochs.jsonl"]));

        static List<string> Lines(string path) => [.. File.ReadLines(path).Select(line =>
        {
            var json = JsonNode.Parse(line)!.AsObject();
            Assert.True(json.Remove("seconds") && json.Remove("photos_per_second"));
            return json.ToJsonString();
        })];
    }
}
