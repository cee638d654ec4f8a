using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

[Collection(TrainingCollection.Name)]
public class TrainingForecastTests
{
    private static readonly TrainingOptions Options = new() { DataPath = "data", OutputPath = "run", Precision = Precision.Float32 };

    [Fact]
    public void Counts_the_steps_and_photos_of_a_data_set_and_says_them_in_one_line()
    {
        using var set = TrainingSet.Noise(10, 3, 2);

        var forecast = TrainingForecast.Read(set.Options("run", "32x2x4", "64x3x3"), resume: false, force: false, TestContext.Current.CancellationToken);

        Assert.Equal((10, 3, 5, (2L * 3) + (3 * 4)), (forecast.TrainingPhotos, forecast.ValidationPhotos, forecast.Epochs, forecast.Steps));
        Assert.Equal("64x3x3", forecast.LargestStage.ToString());
        Assert.Equal(13 * 4 * 64 * 64, forecast.PhotoBytes);
        Assert.StartsWith("10 photos to train on, 3 to validate by: 18 steps in 5 epochs; about 0.", forecast.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', forecast.ToString());
        Assert.False(Directory.Exists(set["run"]));
    }

    [Fact]
    public void Takes_the_recipes_stages_when_none_are_given_and_keeps_within_the_bound_on_photos()
    {
        var forecast = TrainingForecast.Estimate(Options with { CacheBytes = 100 << 20 }, 960, 100);

        Assert.Equal(Recipe.StagesFor(960).Sum(s => s.Epochs), forecast.Epochs);
        Assert.Equal("512x4x4", forecast.LargestStage.ToString());
        Assert.Equal(100 << 20, forecast.PhotoBytes);
    }

    [Fact]
    public void Memory_of_a_step_is_that_of_the_networks_layers()
    {
        // Base 16, float32, by hand: what the blocks keep is 64 + 16 + 8 + 4 ... numbers a pixel, from the outermost level inwards.
        double kept = 4 * ((64 + 4 + 64 + 48) + ((128 + 8 + 128 + 96) / 4.0) + ((256 + 16 + 256 + 192) / 16.0) + ((512 + 32 + 512 + 384) / 64.0) + (1024 / 256.0));
        double indices = 8 * (4 + (8 / 4.0) + (16 / 16.0) + (32 / 64.0));
        double perPixel = kept + indices + (5 * 16 * 4) + 32 + 32;

        Assert.Equal(1.2 * perPixel * 8 * 256 * 256, StepMemory.Bytes(new TrainingStage(256, 1, 8), 16, 4), 1.0);
    }

    [Fact]
    public void Memory_follows_the_batch_the_size_and_the_type_of_the_numbers()
    {
        var stage = new TrainingStage(128, 1, 4);
        long bytes = StepMemory.Bytes(stage, 16, 4);
        Assert.Equal(2 * bytes, StepMemory.Bytes(new TrainingStage(128, 1, 8), 16, 4), 8.0);
        Assert.Equal(4 * bytes, StepMemory.Bytes(new TrainingStage(256, 1, 4), 16, 4), 8.0);
        Assert.InRange(StepMemory.Bytes(stage, 16, 2), bytes * 0.6, bytes * 0.75);
        Assert.Equal(16 * 4 * UNetLayout.Tensors(16).Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b)), StepMemory.WeightBytes(16));
    }

    [Fact]
    public void Is_said_before_the_first_step_and_the_time_after_ten()
    {
        using var set = TrainingSet.Noise(12, 1, 0);
        int saidBeforeSteps = -1, saidAfterTen = -1;
        RecordingObserver observer = null!;
        observer = new RecordingObserver
        {
            OnStep = _ =>
            {
                if (saidBeforeSteps < 0) saidBeforeSteps = observer.Said.Count;
                if (observer.Steps.Count == 11) saidAfterTen = observer.Said.Count;
            },
        };

        Trainer.Run(set.Options("run", "32x2x1", "48x1x1"), replace: false, observer, TestContext.Current.CancellationToken);

        Assert.Equal((1, 2), (saidBeforeSteps, saidAfterTen));
        Assert.Contains("36 steps in 3 epochs", observer.Said[0], StringComparison.Ordinal);
        Assert.EndsWith("to go, at the pace of the first steps at 32 px", observer.Said[1], StringComparison.Ordinal);
        Assert.EndsWith("to go, at the pace of the first steps at 48 px", observer.Said[2], StringComparison.Ordinal);
        Assert.Equal(3, observer.Said.Count);
    }
}
