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
    public void Chooses_while_the_test_photos_are_not_there_and_opens_them_once_for_the_best()
    {
        using var set = TrainingSet.Noise(10, 3, 3);
        var observer = new RecordingObserver
        {
            // Gone from before the first step until the chosen model is measured on them: whoever opens them in between is heard.
            OnDetail = detail =>
            {
                if (detail.StartsWith("Epoch 1 of", StringComparison.Ordinal) && Directory.Exists(set["data", "masks"])) Hide(set, hidden: true);
                if (detail.EndsWith("test photos.", StringComparison.Ordinal)) Hide(set, hidden: false);
            },
        };

        var results = TrainingAttempts.Run(Learning(set, "attempts"), 3, resume: false, force: false, observer, Cancellation);

        Assert.Empty(observer.Warnings);
        Assert.Single(observer.Details, d => d.EndsWith("test photos.", StringComparison.Ordinal));
        Assert.Equal([1, 2, 3, 0, results.Single(r => r.IsBest).Attempt, 0], observer.Attempts);
        Assert.Equal([(1, 3, 4), (2, 3, 5), (3, 3, 6)], results.Select(r => (r.Attempt, r.Attempts, r.Seed)));
        Assert.Equal([1, 2, 3], results.Select(r => int.Parse(r.OutputPath[^1..], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(results.Select(r => r.ValidationDice).Distinct().Count() > 1, "there is something to choose");
        Assert.Equal(results.Max(r => r.ValidationDice), results.Single(r => r.IsBest).ValidationDice);
        Assert.Contains(observer.Said, s => s.StartsWith($"attempt {results.Single(r => r.IsBest).Attempt} of 3 is the best on the validation photos", StringComparison.Ordinal));
        foreach (var result in results) AssertIsTheRunOfItsSeed(set, result);
    }

    [Fact]
    public void Goes_on_where_it_was_broken_off_and_trains_nothing_twice()
    {
        using var set = TrainingSet.Noise(8, 2, 2);
        var whole = TrainingAttempts.Run(Options(set, "whole"), 3, resume: false, force: false, new RecordingObserver(), Cancellation);
        var broken = BreakOff(set, "broken", 3, o => o.Attempts[^1] == 2 && o.Epochs.Count(e => e.Epoch == 1) == 2 && o.Steps[^1].Epoch == 2);
        Assert.Equal([1, 2], broken.Attempts);
        ModelFile.Load(Path.Combine(TrainingAttempts.Folder(set["broken"], 1), "model.safetensors"));

        var error = Assert.Throws<TrainingException>(() => TrainingAttempts.DemandNone(set["broken"]));
        Assert.Contains("-Attempts", error.Message, StringComparison.Ordinal);
        var begun = TrainingAttempts.SettingsOf(set["broken"], 3)!;
        Assert.Equal((4, set["broken"]), (begun.Seed, begun.OutputPath));
        var observer = new RecordingObserver();
        var results = TrainingAttempts.Run(begun, 3, resume: true, force: false, observer, Cancellation);

        Assert.Equal([2, 1, 2], observer.Epochs.Select(e => e.Epoch));
        Assert.Equal(whole.Select(Lasting), results.Select(Lasting));
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            foreach (string file in new[] { "model.safetensors", "metrics.json" }) Assert.Equal(Bytes(set, "whole", attempt, file), Bytes(set, "broken", attempt, file));
        }

        // One more of what is over.
        Assert.Equal([1, 2], AfterMore(set, begun).Select(e => e.Epoch));
    }

    [Fact]
    public void Reports_an_attempt_that_fails_and_lets_the_others_go_on()
    {
        using var set = TrainingSet.Noise(8, 2, 2);
        BreakOff(set, "run", 2, o => o.Epochs.Count == 1);
        string first = Path.Combine(TrainingAttempts.Folder(set["run"], 1), "checkpoint.safetensors");
        var checkpoint = Checkpoint.Read(first);
        foreach (var tensor in checkpoint.Network.Where(t => t.Key.EndsWith("weight", StringComparison.Ordinal))) tensor.Value.Values.AsSpan().Fill(1e30f);
        checkpoint.Write(first);

        var observer = new RecordingObserver();
        var results = TrainingAttempts.Run(TrainingAttempts.SettingsOf(set["run"], 2)!, 2, resume: true, force: false, observer, Cancellation);

        Assert.Equal([(TrainingStop.Failed, false, 1), (TrainingStop.Finished, true, 2)], results.Select(r => (r.StopReason, r.IsBest, r.Epochs)));
        Assert.Contains("not finite a second time", results[0].EndReason, StringComparison.Ordinal);
        Assert.Equal((double.NaN, 0, 2), (results[0].ValidationDice, results[0].TestPhotos, results[1].TestPhotos));
        Assert.Contains(observer.Warnings, w => w.StartsWith("This attempt is out.", StringComparison.Ordinal));
    }

    [Fact]
    public void Is_an_error_when_every_attempt_fails()
    {
        using var set = TrainingSet.Noise(90, 1, 1);
        var ruinous = set.Options("run", "32x3x1") with { BaseChannels = 1, LearningRate = 10, WeightDecay = 1, Schedule = ScheduleKind.Plateau, PlateauPatience = 1000, AverageDecay = 0, Loss = LossKind.Bce };
        var observer = new RecordingObserver();
        var error = Assert.Throws<TrainingException>(() => TrainingAttempts.Run(ruinous, 2, resume: false, force: false, observer, Cancellation));
        Assert.Equal(set["run"], error.OutputPath);
        Assert.Contains("None of the 2 attempts", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 0], observer.Attempts);
        Assert.DoesNotContain(observer.Details, d => d.EndsWith("test photos.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 0.5, 0.4, 0.7, 0.5, 0.6, 0.9)]
    [InlineData(2, 0.5, 0.4, 0.5, 0.4, 0.5, 0.5)]
    [InlineData(0, 0.5, 0.4, 0.5, 0.4, double.NaN, double.NaN)]
    public void Chooses_by_Dice_then_by_IoU_then_the_earlier(int expected, params double[] scores)
    {
        var results = scores.Chunk(2).Select(s => Result(TrainingStop.Finished) with { ValidationDice = s[0], ValidationIoU = s[1] }).ToList();
        Assert.Equal(expected, TrainingAttempts.Best(results));
        Assert.Null(TrainingAttempts.Best([Result(TrainingStop.Failed)]));
    }

    [Fact]
    public void Refuses_before_it_trains_what_the_last_attempt_could_not_do()
    {
        using var set = TrainingSet.Noise(4, 1, 1);
        var options = Options(set, "run");
        void AssertRefused<T>(string says, TrainingOptions asked, int attempts, bool force = false)
            where T : WaterMetersException
        {
            var observer = new RecordingObserver();
            Assert.Contains(says, Assert.ThrowsAny<T>(() => TrainingAttempts.Run(asked, attempts, resume: false, force, observer, Cancellation)).Message, StringComparison.Ordinal);
            Assert.Contains(says, Assert.ThrowsAny<T>(() => TrainingAttempts.Forecast(asked, attempts, resume: false, force, Cancellation)).Message, StringComparison.Ordinal);
            Assert.Empty(observer.Attempts);
        }

        AssertRefused<SettingsException>("Attempts is 0", options, 0);
        AssertRefused<SettingsException>("Seed is", options with { Seed = int.MaxValue - 1 }, 2);
        Assert.False(Directory.Exists(set["run"]));

        Directory.CreateDirectory(TrainingAttempts.Folder(set["run"], 3));
        File.WriteAllText(Path.Combine(TrainingAttempts.Folder(set["run"], 3), "model.safetensors"), "a model");
        AssertRefused<TrainingException>("attempt-3", options, 3);
        Trainer.Run(options with { OutputPath = set["single"] }, replace: false, new RecordingObserver(), Cancellation);
        AssertRefused<TrainingException>("holds a single training", options with { OutputPath = set["single"] }, 2, force: true);
        TrainingAttempts.DemandNone(set["single"]);
        TrainingAttempts.DemandNone(set["nowhere"]);

        using (RunFolder.Hold(set["run"]))
        {
            Assert.Throws<TrainingRunningException>(() => TrainingAttempts.Run(options, 2, resume: false, force: false, new RecordingObserver(), Cancellation));
        }
    }

    [Fact]
    public void Foretells_one_line_for_attempts_that_are_alike_and_one_each_for_those_that_are_not()
    {
        using var set = TrainingSet.Noise(8, 2, 1);
        string alike = Assert.Single(TrainingAttempts.Forecast(Options(set, "run"), 3, resume: false, force: false, Cancellation));
        Assert.StartsWith("3 attempts, one after another, each: 8 photos to train on, 2 to validate by: 4 steps in 2 epochs", alike, StringComparison.Ordinal);
        BreakOff(set, "run", 2, o => o.Epochs.Count == 1);
        var lines = TrainingAttempts.Forecast(TrainingAttempts.SettingsOf(set["run"], 2)!, 2, resume: true, force: false, Cancellation);
        Assert.Equal(2, lines.Count);
        Assert.Contains("attempt 1 of 2: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("2 steps in 1 epoch after the 1 that are done", lines[0], StringComparison.Ordinal);
        Assert.Contains("4 steps in 2 epochs;", lines[1], StringComparison.Ordinal);
    }

    private static TrainingOptions Options(TrainingSet set, string run) => set.Options(run, "32x2x4") with { Seed = 4, LearningRate = 0.02, ModuleVersion = "1.2.3" };

    /// <summary>Long enough for the seeds to come to different scores.</summary>
    private static TrainingOptions Learning(TrainingSet set, string run) => Options(set, run) with { Stages = [new TrainingStage(32, 10, 2)], BaseChannels = 8, AverageDecay = 0.5 };

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
        var alone = Trainer.Run(Learning(set, run) with { Seed = result.Seed }, replace: false, new RecordingObserver(), Cancellation);
        Assert.Equal((alone.ValidationDice, alone.ValidationIoU, alone.EndReason), (result.ValidationDice, result.ValidationIoU, result.EndReason));
        var (model, expected) = (ModelFile.Load(result.ModelPath), ModelFile.Load(alone.ModelPath));
        TestModels.AssertSame(expected.Weights, model.Weights);
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(result.MetricsPath));
        if (result.IsBest)
        {
            Assert.Equal(File.ReadAllBytes(alone.ModelPath), File.ReadAllBytes(result.ModelPath));
            Assert.Equal(File.ReadAllBytes(alone.MetricsPath), File.ReadAllBytes(result.MetricsPath));
            Assert.Equal((3, alone.TestDice, alone.TestIoU, alone.TestHausdorff), (result.TestPhotos, result.TestDice, result.TestIoU, result.TestHausdorff));
        }
        else
        {
            Assert.Equal((0, double.NaN, double.NaN, double.NaN), (result.TestPhotos, result.TestDice, result.TestIoU, result.TestHausdorff));
            Assert.Equal(["val_dice", "val_iou"], model.Metrics.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(JsonValueKind.Null, metrics.RootElement.GetProperty("test_dice").ValueKind);
        }

        Assert.Equal(result.ValidationDice, metrics.RootElement.GetProperty("val_dice").GetDouble());
    }

    private static RecordingObserver BreakOff(TrainingSet set, string run, int attempts, Func<RecordingObserver, bool> when)
    {
        using var stop = new CancellationTokenSource();
        RecordingObserver? said = null;
        said = new RecordingObserver { OnStep = _ => { if (when(said!)) stop.Cancel(); }, OnEpoch = _ => { if (when(said!)) stop.Cancel(); } };
        Assert.ThrowsAny<OperationCanceledException>(() => TrainingAttempts.Run(Options(set, run), attempts, resume: false, force: false, said, stop.Token));
        return said;
    }

    private static List<EpochRecord> AfterMore(TrainingSet set, TrainingOptions begun)
    {
        var observer = new RecordingObserver();
        Assert.Equal(4, TrainingAttempts.Run(begun, 4, resume: true, force: false, observer, Cancellation).Count);
        Assert.True(File.Exists(Path.Combine(TrainingAttempts.Folder(set["broken"], 4), "model.safetensors")));
        return observer.Epochs;
    }

    private static byte[] Bytes(TrainingSet set, string run, int attempt, string file) => File.ReadAllBytes(Path.Combine(TrainingAttempts.Folder(set[run], attempt), file));

    private static TrainingResult Lasting(TrainingResult result) => result with
    {
        OutputPath = "", ModelPath = "", CheckpointPath = "", MetricsPath = "", Duration = default, PhotosPerSecond = 0,
    };

    private static TrainingResult Result(TrainingStop stop) => new() { ModelPath = "", OutputPath = "", DataPath = "", CheckpointPath = "", MetricsPath = "", StopReason = stop };
}
