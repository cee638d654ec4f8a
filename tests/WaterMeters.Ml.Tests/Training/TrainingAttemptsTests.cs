using System.Text.Json;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Tests.Models;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

[Collection(TrainingCollection.Name)]
public class TrainingAttemptsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Chooses_the_best_without_reading_test_photos_and_then_reads_them_once()
    {
        using var set = TrainingSet.Noise(10, 3, 3);
        var observer = new RecordingObserver
        {
            // The test photos are moved away until the chosen model is measured on them: reading one earlier fails.
            OnVerbose = phase =>
            {
                if (phase.StartsWith("Epoch 1 of", StringComparison.Ordinal)) Hide(set, hidden: true);
                if (phase.EndsWith("test photos.", StringComparison.Ordinal)) Hide(set, hidden: false);
            },
        };

        var results = TrainingAttempts.Run(Learning(set, "attempts"), 3, resume: false, force: false, observer, Cancellation);

        Assert.Empty(observer.Warnings);
        Assert.Single(observer.VerboseLines, d => d.EndsWith("test photos.", StringComparison.Ordinal));
        Assert.Equal([1, 2, 3, 0, results.Single(r => r.IsBest).Attempt, 0], observer.Attempts);
        Assert.Equal([(1, 3, 4), (2, 3, 5), (3, 3, 6)], results.Select(r => (r.Attempt, r.Attempts, r.Seed)));
        Assert.Equal([1, 2, 3], results.Select(r => int.Parse(r.OutputPath[^1..], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(results.Select(r => r.ValidationDice).Distinct().Count() > 1, "there is something to choose");
        Assert.Equal(results.Max(r => r.ValidationDice), results.Single(r => r.IsBest).ValidationDice);
        string chosen = $"attempt {results.Single(r => r.IsBest).Attempt} of 3 is the best on the validation photos";
        Assert.Contains(observer.InformationLines, s => s.StartsWith(chosen, StringComparison.Ordinal));
        AssertIsTheRunOfItsSeed(set, results.Single(r => r.IsBest));
        AssertIsTheRunOfItsSeed(set, results.First(r => !r.IsBest));
    }

    [Fact]
    public void Resumes_where_it_was_interrupted_and_trains_nothing_twice()
    {
        using var set = TrainingSet.Noise(8, 2, 2);
        var whole = TrainingAttempts.Run(Options(set, "whole"), 3, resume: false, force: false, new RecordingObserver(), Cancellation);
        var interrupted = Interrupt(
            set, "interrupted", 3, o => o.Attempts[^1] == 2 && o.Epochs.Count(e => e.Epoch == 1) == 2 && o.Steps[^1].Epoch == 2);
        Assert.Equal([1, 2], interrupted.Attempts);
        ModelFile.Load(Path.Combine(TrainingAttempts.Folder(set["interrupted"], 1), "model.safetensors"));

        var error = Assert.Throws<TrainingException>(() => TrainingAttempts.EnsureNone(set["interrupted"]));
        Assert.Contains("-Attempts", error.Message, StringComparison.Ordinal);
        var started = TrainingAttempts.ReadOptions(set["interrupted"], 3)!;
        Assert.Equal((4, set["interrupted"]), (started.Seed, started.OutputPath));
        var observer = new RecordingObserver();
        var results = TrainingAttempts.Run(started, 3, resume: true, force: false, observer, Cancellation);

        Assert.Equal([2, 1, 2], observer.Epochs.Select(e => e.Epoch));
        Assert.Equal(whole.Select(WithoutPathsAndTimes), results.Select(WithoutPathsAndTimes));
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            foreach (string file in new[] { "model.safetensors", "metrics.json" })
            {
                Assert.Equal(Bytes(set, "whole", attempt, file), Bytes(set, "interrupted", attempt, file));
            }
        }

        // One more attempt after the finished ones.
        Assert.Equal([1, 2], RunOneMore(set, started).Select(e => e.Epoch));
    }

    [Fact]
    public void Reports_a_failed_attempt_and_continues_with_the_others()
    {
        using var set = TrainingSet.Noise(8, 2, 2);
        Interrupt(set, "run", 2, o => o.Epochs.Count == 1);
        string first = Path.Combine(TrainingAttempts.Folder(set["run"], 1), "checkpoint.safetensors");
        var checkpoint = Checkpoint.Read(first);
        foreach (var (name, tensor) in checkpoint.Network)
        {
            if (name.EndsWith("weight", StringComparison.Ordinal)) tensor.Values.AsSpan().Fill(1e30f);
        }

        checkpoint.Write(first);

        var observer = new RecordingObserver();
        var options = TrainingAttempts.ReadOptions(set["run"], 2)!;
        var results = TrainingAttempts.Run(options, 2, resume: true, force: false, observer, Cancellation);

        Assert.Equal(
            [(TrainingStop.Failed, false, 1), (TrainingStop.Finished, true, 2)],
            results.Select(r => (r.StopReason, r.IsBest, r.Epochs)));
        Assert.Contains("not finite (NaN or infinity) for the second time", results[0].EndReason, StringComparison.Ordinal);
        Assert.Equal(((double?)null, (int?)null, (int?)2), (results[0].ValidationDice, results[0].TestPhotos, results[1].TestPhotos));
        Assert.Contains(observer.Warnings, w => w.StartsWith("This attempt failed. The loss", StringComparison.Ordinal));
    }

    [Fact]
    public void Fails_when_every_attempt_fails()
    {
        using var set = TrainingSet.Noise(90, 1, 1);
        var diverging = set.Options("run", "32x3x1") with
        {
            BaseChannels = 1,
            LearningRate = 10,
            WeightDecay = 1,
            Schedule = ScheduleKind.Plateau,
            PlateauPatience = 1000,
            AverageDecay = 0,
            Loss = LossKind.Bce,
        };
        var observer = new RecordingObserver();
        var error = Assert.Throws<TrainingException>(
            () => TrainingAttempts.Run(diverging, 2, resume: false, force: false, observer, Cancellation));
        Assert.Equal(set["run"], error.OutputPath);
        Assert.Contains("None of the 2 attempts", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 0], observer.Attempts);
        Assert.DoesNotContain(observer.VerboseLines, d => d.EndsWith("test photos.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 0.5, 0.4, 0.7, 0.5, 0.6, 0.9)]
    [InlineData(2, 0.5, 0.4, 0.5, 0.4, 0.5, 0.5)]
    [InlineData(0, 0.5, 0.4, 0.5, 0.4, double.NaN, double.NaN)]
    public void Chooses_by_Dice_then_IoU_then_the_earliest(int expected, params double[] scores)
    {
        var results = scores.Chunk(2)
            .Select(s => Result(TrainingStop.Finished) with { ValidationDice = s[0], ValidationIoU = s[1] }).ToList();
        Assert.Equal(expected, TrainingAttempts.Best(results));
        Assert.Null(TrainingAttempts.Best([Result(TrainingStop.Failed)]));
    }

    [Fact]
    public void Refuses_before_training_when_any_attempt_could_not_run()
    {
        using var set = TrainingSet.Noise(4, 1, 1);
        var options = Options(set, "run");
        void AssertRefused<T>(string message, TrainingOptions asked, int attempts, bool force = false)
            where T : WaterMetersException
        {
            var observer = new RecordingObserver();
            var error = Assert.ThrowsAny<T>(() => TrainingAttempts.Run(asked, attempts, resume: false, force, observer, Cancellation));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            error = Assert.ThrowsAny<T>(() => TrainingAttempts.Forecast(asked, attempts, resume: false, force, Cancellation));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Empty(observer.Attempts);
        }

        AssertRefused<SettingsException>("Attempts is 0", options, 0);
        AssertRefused<SettingsException>("Seed is", options with { Seed = int.MaxValue - 1 }, 2);
        Assert.False(Directory.Exists(set["run"]));

        Directory.CreateDirectory(TrainingAttempts.Folder(set["run"], 3));
        File.WriteAllText(Path.Combine(TrainingAttempts.Folder(set["run"], 3), "model.safetensors"), "a model");
        AssertRefused<TrainingException>("attempt-3", options, 3);
        TrainingSet.Train(options with { OutputPath = set["single"] });
        AssertRefused<TrainingException>("holds a single training", options with { OutputPath = set["single"] }, 2, force: true);
        TrainingAttempts.EnsureNone(set["single"]);
        TrainingAttempts.EnsureNone(set["nowhere"]);

        using (RunFolder.Lock(set["run"]))
        {
            Assert.Throws<TrainingRunningException>(
                () => TrainingAttempts.Run(options, 2, resume: false, force: false, new RecordingObserver(), Cancellation));
        }
    }

    [Fact]
    public void Forecast_is_one_line_for_equal_attempts_and_one_each_otherwise()
    {
        using var set = TrainingSet.Noise(8, 2, 1);
        string alike = Assert.Single(TrainingAttempts.Forecast(Options(set, "run"), 3, resume: false, force: false, Cancellation));
        const string Start = "3 attempts, one after another, each: 8 training photos, 2 validation photos: 4 steps in 2 epochs";
        Assert.StartsWith(Start, alike, StringComparison.Ordinal);
        Interrupt(set, "run", 2, o => o.Epochs.Count == 1);
        var lines = TrainingAttempts.Forecast(TrainingAttempts.ReadOptions(set["run"], 2)!, 2, resume: true, force: false, Cancellation);
        Assert.Equal(2, lines.Count);
        Assert.Contains("attempt 1 of 2: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("2 steps in 1 epoch after the 1 finished", lines[0], StringComparison.Ordinal);
        Assert.Contains("4 steps in 2 epochs;", lines[1], StringComparison.Ordinal);
    }

    private static TrainingOptions Options(TrainingSet set, string run) =>
        set.Options(run, "32x2x4") with { Seed = 4, LearningRate = 0.02, ModuleVersion = "1.2.3" };

    /// <summary>Options that train long enough for the seeds to reach different scores.</summary>
    private static TrainingOptions Learning(TrainingSet set, string run) =>
        Options(set, run) with { Stages = [new TrainingStage(32, 10, 2)], BaseChannels = 8, AverageDecay = 0.5 };

    private static void Hide(TrainingSet set, bool hidden)
    {
        foreach (string kind in new[] { "images", "masks" })
        {
            foreach (int photo in new[] { 13, 14, 15 })
            {
                string there = set["data", kind, $"noise_{photo:D3}.png"], away = there + ".away";
                if (hidden && File.Exists(there)) File.Move(there, away);
                if (!hidden) File.Move(away, there);
            }
        }
    }

    private static void AssertIsTheRunOfItsSeed(TrainingSet set, TrainingResult result)
    {
        string run = $"alone-{result.Attempt}";
        var alone = TrainingSet.Train(Learning(set, run) with { Seed = result.Seed });
        Assert.Equal((alone.ValidationDice, alone.ValidationIoU), (result.ValidationDice, result.ValidationIoU));
        Assert.Equal(alone.EndReason, result.EndReason);
        var (model, expected) = (ModelFile.Load(result.ModelPath), ModelFile.Load(alone.ModelPath));
        TestModels.AssertSame(expected.Weights, model.Weights);
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(result.MetricsPath));
        if (result.IsBest)
        {
            Assert.Equal(File.ReadAllBytes(alone.ModelPath), File.ReadAllBytes(result.ModelPath));
            Assert.Equal(File.ReadAllBytes(alone.MetricsPath), File.ReadAllBytes(result.MetricsPath));
            Assert.Equal((3, alone.TestDice, alone.TestIoU, alone.TestHausdorff), TestScores(result));
        }
        else
        {
            Assert.Equal((null, null, null, null), TestScores(result));
            Assert.Equal(["val_dice", "val_iou"], model.Metrics.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(JsonValueKind.Null, metrics.RootElement.GetProperty("test_dice").ValueKind);
        }

        Assert.Equal(result.ValidationDice, metrics.RootElement.GetProperty("val_dice").GetDouble());
    }

    private static (int?, double?, double?, double?) TestScores(TrainingResult result) =>
        (result.TestPhotos, result.TestDice, result.TestIoU, result.TestHausdorff);

    private static RecordingObserver Interrupt(TrainingSet set, string run, int attempts, Func<RecordingObserver, bool> when)
    {
        using var stop = new CancellationTokenSource();
        RecordingObserver? observer = null;
        observer = new RecordingObserver { OnStep = _ => Check(), OnEpoch = _ => Check() };
        Assert.ThrowsAny<OperationCanceledException>(
            () => TrainingAttempts.Run(Options(set, run), attempts, resume: false, force: false, observer, stop.Token));
        return observer;

        void Check()
        {
            if (when(observer!)) stop.Cancel();
        }
    }

    private static List<EpochRecord> RunOneMore(TrainingSet set, TrainingOptions started)
    {
        var observer = new RecordingObserver();
        Assert.Equal(4, TrainingAttempts.Run(started, 4, resume: true, force: false, observer, Cancellation).Count);
        Assert.True(File.Exists(Path.Combine(TrainingAttempts.Folder(set["interrupted"], 4), "model.safetensors")));
        return observer.Epochs;
    }

    private static byte[] Bytes(TrainingSet set, string run, int attempt, string file) =>
        File.ReadAllBytes(Path.Combine(TrainingAttempts.Folder(set[run], attempt), file));

    private static TrainingResult WithoutPathsAndTimes(TrainingResult result) => result with
    {
        OutputPath = "",
        ModelPath = "",
        CheckpointPath = "",
        MetricsPath = "",
        Duration = default,
        PhotosPerSecond = 0,
    };

    private static TrainingResult Result(TrainingStop stop) => new()
    {
        ModelPath = "", OutputPath = "", DataPath = "", CheckpointPath = "", MetricsPath = "", StopReason = stop,
    };
}
