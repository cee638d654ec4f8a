using System.Text.Json;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Tests.Models;
using WaterMeters.Ml.Tests.Reporting.Markup;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

[Collection(TrainingCollection.Name)]
public class TrainerTests
{
    [Fact]
    public void Learns_drawn_meters_and_writes_model_metrics_and_epochs()
    {
        using var set = TrainingSet.Drawn(24, 4, 4, size: 128);
        var observer = new RecordingObserver();
        var options = set.Options("run", "48x12x4", "64x10x4") with
        {
            BaseChannels = 8,
            LearningRate = 1e-2,
            Seed = 1,
            AverageDecay = 0.9,
            ModuleVersion = "9.8.7",
            WarmupSteps = 10,
            BrightnessProbability = 0,
        };

        var result = TrainingSet.Train(options, observer);

        var (first, last) = (observer.Epochs[0], observer.Epochs[^1]);
        Assert.True(last.TrainingLoss < 0.6 * first.TrainingLoss, $"{first.TrainingLoss} -> {last.TrainingLoss}");

        // Of four photos each, and hundreds of steps let the last digits of two systems become the second.
        Assert.True(first.ValidationDice < 0.2 && result.ValidationDice > 0.3, $"{first.ValidationDice} -> {result.ValidationDice}");
        Assert.True(result.TestDice > 0.2, $"{result.TestDice}");
        Assert.Empty(observer.Warnings);

        Assert.Equal((22, TrainingStop.Finished), (result.Epochs, result.StopReason));
        Assert.Equal((24, 4, 4), (result.TrainingPhotos, result.ValidationPhotos, result.TestPhotos));
        Assert.Equal(observer.Epochs.Last(e => e.IsBest).Epoch, result.BestEpoch);
        Assert.True(result.BestEpoch > 12, "the model is of the last size");
        Assert.Equal([.. Enumerable.Repeat(48, 12), .. Enumerable.Repeat(64, 10)], observer.Epochs.Select(e => e.Size));
        AssertLinesEqual(observer.Epochs, set["run", "epochs.jsonl"]);
        AssertProgress(observer.Steps, 22 * 6);

        var model = ModelFile.Load(result.ModelPath);
        Assert.Equal(new UNetShape(8, 64), model.Shape);
        Assert.Equal((1, "9.8.7"), (model.Seed, model.ModuleVersion));
        Assert.Empty(model.Warnings);
        Assert.Equal(result.TestDice, model.Metrics["test_dice"]);
        var data = DatasetContents.Read(set.DataPath, set.SplitPath, CancellationToken.None);
        Assert.Equal(data.Part(DatasetSplit.Train).Select(p => p.Hash), model.Provenance!.TrainingPhotos);
        Assert.Equal(data.Part(DatasetSplit.Validation).Select(p => p.Hash), model.Provenance.ValidationPhotos);
        Assert.Equal((data.Digest, data.SplitDigest), (model.Provenance.DatasetDigest, model.Provenance.SplitDigest));

        using var metrics = JsonDocument.Parse(File.ReadAllBytes(result.MetricsPath));
        Assert.Equal(
            ["val_dice", "val_iou", "test_dice", "test_iou", "test_hausdorff"],
            metrics.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            [result.ValidationDice, result.ValidationIoU, result.TestDice, result.TestIoU, result.TestHausdorff],
            metrics.RootElement.EnumerateObject().Select(p => (double?)p.Value.GetDouble()));
        Assert.Equal(
            ["checkpoint.safetensors", "epochs.jsonl", "metrics.json", "model.safetensors"],
            Directory.GetFiles(set["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Result_depends_on_the_seed_but_not_on_augmentation_threads()
    {
        using var set = TrainingSet.Noise(10, 2, 0);
        var runs = new List<(double[] Losses, byte[] Model)>();
        foreach (var (threads, seed) in new[] { (1, 3), (2, 3), (4, 3), (2, 4) })
        {
            var observer = new RecordingObserver();
            var options = set.Options($"run-{threads}-{seed}", "32x2x4", "48x1x3") with
            {
                AugmentationThreads = threads,
                Seed = seed,
                RotationDegrees = 20,
                RotationProbability = 0.5,
                CacheBytes = threads == 4 ? 0 : 1 << 30,
            };
            var result = TrainingSet.Train(options, observer);
            var scores = observer.Epochs.SelectMany(e => new[] { e.TrainingLoss, e.ValidationLoss, e.ValidationDice });
            runs.Add(([.. observer.Steps.Select(s => s.Loss), .. scores], File.ReadAllBytes(result.ModelPath)));
        }

        Assert.Equal(runs[0].Losses, runs[1].Losses);
        Assert.Equal(runs[0].Losses, runs[2].Losses);
        Assert.Equal(runs[0].Model, runs[1].Model);
        Assert.Equal(runs[0].Model, runs[2].Model);
        Assert.NotEqual(runs[0].Losses, runs[3].Losses);
    }

    [Fact]
    public void Stops_early_without_a_lower_validation_loss_and_keeps_the_best_epoch()
    {
        using var set = TrainingSet.Noise(8, 2, 0);
        var observer = new RecordingObserver();
        var options = set.Options("run", "32x60x4") with
        {
            EarlyStoppingPatience = 2,
            LearningRate = 0.3,
            Schedule = ScheduleKind.Plateau,
            AverageDecay = 0,
        };

        var result = TrainingSet.Train(options, observer);

        Assert.Equal(TrainingStop.EarlyStop, result.StopReason);
        Assert.InRange(result.Epochs, 3, 59);
        Assert.Equal(result.Epochs - 2, result.BestEpoch);
        double best = double.PositiveInfinity;
        foreach (var epoch in observer.Epochs)
        {
            Assert.Equal(epoch.ValidationLoss < best, epoch.IsBest);
            best = Math.Min(best, epoch.ValidationLoss);
        }

        TestModels.AssertSame(Checkpoint.Read(result.CheckpointPath).Best, ModelFile.Load(result.ModelPath).Weights);
        Assert.Equal(0, result.TestPhotos);
        Assert.Null(result.TestDice);
        Assert.Contains(observer.Warnings, w => w.Contains("test part", StringComparison.Ordinal));
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(result.MetricsPath));
        Assert.Equal(JsonValueKind.Null, metrics.RootElement.GetProperty("test_dice").ValueKind);
    }

    [Fact]
    public void Refuses_a_folder_that_holds_a_run_unless_it_may_be_replaced()
    {
        using var set = TrainingSet.Noise(4, 1, 0);
        var options = set.Options("run", "16x1x4");
        var first = TrainingSet.Train(options);
        byte[] model = File.ReadAllBytes(first.ModelPath);

        var error = Assert.Throws<TrainingException>(() => TrainingSet.Train(options));
        Assert.Contains("-Force", error.Message, StringComparison.Ordinal);
        Assert.Equal(model, File.ReadAllBytes(first.ModelPath));

        TrainingSet.Train(options with { Seed = 2 }, replace: true);
        Assert.NotEqual(model, File.ReadAllBytes(first.ModelPath));
        Assert.Single(File.ReadAllLines(set["run", "epochs.jsonl"]));
    }

    [Fact]
    public void Refuses_a_second_training_in_the_process_while_the_first_continues()
    {
        using var set = TrainingSet.Noise(4, 1, 0);
        TrainingRunningException? refused = null;
        var observer = new RecordingObserver
        {
            OnStep = _ => refused ??= Record.Exception(() => TrainingSet.Train(set.Options("other"))) as TrainingRunningException,
        };

        var result = TrainingSet.Train(set.Options("run", "16x1x2"), observer);

        Assert.Contains("running", refused!.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(result.ModelPath));
        Assert.False(Directory.Exists(set["other"]));
        TrainingSet.Train(set.Options("other", "16x1x4"));
    }

    [Fact]
    public void Stops_at_once_when_cancelled_and_leaves_the_last_checkpoint_and_no_incomplete_file()
    {
        using var set = TrainingSet.Noise(12, 1, 0);
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver
        {
            OnStep = p =>
            {
                if (p is { Epoch: 2, Step: 2 }) stop.Cancel();
            },
        };

        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Run(set.Options("run", "32x5x2"), replace: false, observer, stop.Token));

        Assert.Equal((2, 2), (observer.Steps[^1].Epoch, observer.Steps[^1].Step));
        Assert.Equal(1, Checkpoint.Read(set["run", "checkpoint.safetensors"]).State.Epoch);
        Assert.Equal(
            ["checkpoint.safetensors", "epochs.jsonl", "model.safetensors"],
            Directory.GetFiles(set["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Throws<OperationCanceledException>(() => Trainer.Run(set.Options("never"), false, observer, stop.Token));
    }

    [Fact]
    public void Keeps_the_old_run_when_the_new_one_cannot_start()
    {
        TorchRuntime.EnsureLoaded();
        Assert.SkipWhen(TorchDevices.Choose(ComputeDevice.Auto).Device == ComputeDevice.Cuda, "there is a CUDA device here");
        using var set = TrainingSet.Noise(4, 1, 0);
        var first = TrainingSet.Train(set.Options("run", "32x1x4"));
        byte[] model = File.ReadAllBytes(first.ModelPath);

        var onCuda = set.Options("run") with { Device = ComputeDevice.Cuda };
        Assert.Throws<RuntimeMissingException>(() => TrainingSet.Train(onCuda, replace: true));

        Assert.Equal(model, File.ReadAllBytes(first.ModelPath));
    }

    [Fact]
    public void Error_says_which_part_is_empty_and_which_photo_is_damaged()
    {
        using var set = TrainingSet.Noise(4, 1, 0);
        var options = set.Options("run", "16x1x4");
        File.WriteAllText(set["all-train.json"], """{"fractions": {"train": 1, "validation": 0, "test": 0}}""");
        var error = Assert.Throws<DatasetException>(() => TrainingSet.Train(options with { SplitPath = set["all-train.json"] }));
        Assert.Contains("5 training and 0 validation photos", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(set["run"]));

        File.WriteAllText(set["data", "images", "noise_002.png"], "no image");
        error = Assert.Throws<DatasetException>(() => TrainingSet.Train(options));
        Assert.Contains(set["data", "images", "noise_002.png"], error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(set["run"]));
    }

    [Fact]
    public void Error_says_that_the_run_can_no_longer_be_written()
    {
        using var set = TrainingSet.Noise(4, 1, 0);
        var observer = new RecordingObserver
        {
            OnEpoch = _ =>
            {
                File.Delete(set["run", "checkpoint.safetensors"]);
                Directory.CreateDirectory(set["run", "checkpoint.safetensors", "taken"]);
            },
        };

        var error = Assert.Throws<TrainingException>(() => TrainingSet.Train(set.Options("run", "16x3x4"), observer));
        Assert.Contains(set["run"], error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(set["run"], "*.tmp"));
    }

    private static void AssertLinesEqual(IReadOnlyList<EpochRecord> epochs, string path)
    {
        string[] lines = File.ReadAllLines(path);
        Assert.Equal(epochs.Count, lines.Length);
        foreach (var (epoch, line) in epochs.Zip(lines))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            Assert.Equal(
                [
                    "epoch", "epochs", "size", "batch_size", "learning_rate", "training_loss", "validation_loss",
                    "val_dice", "val_iou", "is_best", "photos_per_second", "seconds",
                ],
                root.EnumerateObject().Select(p => p.Name));
            Assert.Equal((epoch.Epoch, epoch.Size), (root.GetProperty("epoch").GetInt32(), root.GetProperty("size").GetInt32()));
            Assert.Equal(epoch.TrainingLoss, root.GetProperty("training_loss").GetDouble());
            Assert.Equal(epoch.ValidationDice, root.GetProperty("val_dice").GetDouble());
            Assert.Equal(epoch.IsBest, root.GetProperty("is_best").GetBoolean());
            Assert.Equal(epoch.Duration.TotalSeconds, root.GetProperty("seconds").GetDouble(), 1e-6);
        }
    }

    private static void AssertProgress(IReadOnlyList<TrainingProgress> steps, int count)
    {
        Assert.Equal(count, steps.Count);
        Assert.Equal(steps.Select(s => s.Fraction).Order(), steps.Select(s => s.Fraction));
        Assert.Equal(1, steps[^1].Fraction, 1e-9);
        Assert.Equal(TimeSpan.Zero, steps[^1].Remaining!.Value);
        Assert.Null(steps[0].Remaining);
        Assert.All(steps, s => Assert.True(s.PhotosPerSecond > 0 && s.Step >= 1 && s.Step <= s.Steps));
    }
}
