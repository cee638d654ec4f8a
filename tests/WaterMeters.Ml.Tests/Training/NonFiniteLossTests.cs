using WaterMeters.Ml.Models;
using WaterMeters.Ml.Tests.Reporting.Markup;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

/// <summary>
/// AdamW multiplies every convolution by 1 - rate x decay at each step, whatever the photos. With a rate of 10 that is -3.5 for a decay of
/// 0.45 and -9 for 1, and the logits leave float32 after some steps; at half the rate it is still more than 1 and they do so later.
/// </summary>
[Collection(TrainingCollection.Name)]
public class NonFiniteLossTests
{
    [Fact]
    public void Returns_to_the_last_good_epoch_once_then_fails_and_writes_only_finite_numbers()
    {
        using var set = TrainingSet.Noise(8, 1, 0);
        var observer = new RecordingObserver();

        var error = Assert.Throws<TrainingException>(() => TrainingSet.Train(Diverging(set, "32x200x1", decay: 0.45), observer));

        Assert.Single(observer.Warnings, w => w.Contains("not finite (NaN or infinity) in epoch", StringComparison.Ordinal));
        Assert.Contains("checkpoint.safetensors", error.Message, StringComparison.Ordinal);
        AssertGood(set, observer, expectedSetbacks: 1);
        var started = observer.Steps.Where(s => s.Epoch > 1 && s.Step == 1).ToList();
        Assert.Contains(started, s => started.Exists(o => o.Epoch == s.Epoch && o != s)); // an epoch was started a second time
        Assert.Equal(10, observer.Epochs[0].LearningRate);
        Assert.Equal(5, observer.Epochs[^1].LearningRate);
    }

    [Fact]
    public void Fails_when_the_first_epoch_fails_twice()
    {
        using var set = TrainingSet.Noise(90, 1, 0);
        var observer = new RecordingObserver();

        var error = Assert.Throws<TrainingException>(() => TrainingSet.Train(Diverging(set, "32x3x1", decay: 1), observer));

        Assert.Single(observer.Warnings);
        Assert.Contains("No epoch was finished", error.Message, StringComparison.Ordinal);
        Assert.Empty(observer.Epochs);
        Assert.Equal(["epochs.jsonl"], Directory.GetFiles(set["run"]).Select(Path.GetFileName));
        Assert.Equal(2, observer.Steps.Count(s => s.Step == 1));
    }

    private static TrainingOptions Diverging(TrainingSet set, string stage, double decay) => set.Options("run", stage) with
    {
        BaseChannels = 1,
        LearningRate = 10,
        WeightDecay = decay,
        Schedule = ScheduleKind.Plateau,
        PlateauPatience = 1000,
        AverageDecay = 0,
        Loss = LossKind.Bce,
    };

    private static void AssertGood(TrainingSet set, RecordingObserver observer, int expectedSetbacks)
    {
        var kept = Checkpoint.Read(set["run", "checkpoint.safetensors"]);
        Assert.True(kept.IsFinite);
        Assert.Equal((observer.Epochs[^1].Epoch, expectedSetbacks), (kept.State.Epoch, kept.State.Setbacks));
        Assert.Equal(observer.Epochs.Count, File.ReadAllLines(set["run", "epochs.jsonl"]).Length);
        Assert.Equal(Enumerable.Range(1, observer.Epochs.Count), observer.Epochs.Select(e => e.Epoch));
        Assert.All(observer.Epochs, e => Assert.True(double.IsFinite(e.TrainingLoss) && double.IsFinite(e.ValidationLoss)));
        ModelFile.Load(set["run", "model.safetensors"]);
    }
}
