using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

[Collection(TrainingCollection.Name)]
public class TrainingForecastTests
{
    private static readonly TrainingOptions Options = new() { DataPath = "data", OutputPath = "run", Precision = Precision.Float32 };

    [Fact]
    public void Counts_steps_and_photos_of_a_data_set_and_prints_one_line()
    {
        using var set = TrainingSet.Noise(10, 3, 2);

        var options = set.Options("run", "32x2x4", "64x3x3");
        var forecast = TrainingForecast.Read(options, run: null, force: false, TestContext.Current.CancellationToken);

        Assert.Equal((10, 3), (forecast.TrainingPhotos, forecast.ValidationPhotos));
        Assert.Equal((5, (2L * 3) + (3 * 4)), (forecast.Epochs, forecast.Steps));
        Assert.Equal("64x3x3", forecast.LargestStage.ToString());
        Assert.Equal(13 * 4 * 64 * 64, forecast.PhotoBytes);
        const string Start = "10 training photos, 3 validation photos: 18 steps in 5 epochs; about 0.";
        Assert.StartsWith(Start, forecast.ToString(), StringComparison.Ordinal);
        Assert.Contains("photos kept in memory 1 MB, weights ", forecast.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', forecast.ToString());
        Assert.False(Directory.Exists(set["run"]));
    }

    [Fact]
    public void Uses_the_default_stages_when_none_are_given_and_respects_the_limit_for_photos()
    {
        var forecast = TrainingForecast.Estimate(Options with { CacheBytes = 100 << 20 }, 960, 100);

        Assert.Equal(Recipe.StagesFor(960).Sum(s => s.Epochs), forecast.Epochs);
        Assert.Equal("512x4x4", forecast.LargestStage.ToString());
        Assert.Equal(100 << 20, forecast.PhotoBytes);
    }

    [Fact]
    public void Memory_of_a_step_is_the_sum_over_the_layers()
    {
        // Base 16, float32, by hand: numbers per pixel that the blocks keep, from the outermost level inwards.
        double numbers = (64 + 4 + 64 + 48) + ((128 + 8 + 128 + 96) / 4.0) + ((256 + 16 + 256 + 192) / 16.0)
            + ((512 + 32 + 512 + 384) / 64.0) + (1024 / 256.0);
        double kept = 4 * numbers;
        double indices = 8 * (4 + (8 / 4.0) + (16 / 16.0) + (32 / 64.0));
        double perPixel = kept + indices + (5 * 16 * 4) + 32 + 32;

        Assert.Equal(1.2 * perPixel * 8 * 256 * 256, StepMemory.Bytes(new TrainingStage(256, 1, 8), 16, 4), 1.0);
    }

    [Fact]
    public void Memory_grows_with_the_batch_the_size_and_the_bytes_per_number()
    {
        var stage = new TrainingStage(128, 1, 4);
        long bytes = StepMemory.Bytes(stage, 16, 4);
        Assert.Equal(2 * bytes, StepMemory.Bytes(new TrainingStage(128, 1, 8), 16, 4), 8.0);
        Assert.Equal(4 * bytes, StepMemory.Bytes(new TrainingStage(256, 1, 4), 16, 4), 8.0);
        Assert.InRange(StepMemory.Bytes(stage, 16, 2), bytes * 0.6, bytes * 0.75);
        Assert.Equal(16 * 4 * UNetLayout.Tensors(16).Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b)), StepMemory.WeightBytes(16));
    }

    [Fact]
    public void Reports_the_forecast_before_the_first_step_and_the_time_after_ten()
    {
        using var set = TrainingSet.Noise(12, 1, 0);
        int linesBeforeSteps = -1, linesAfterTen = -1;
        RecordingObserver observer = null!;
        observer = new RecordingObserver
        {
            OnStep = _ =>
            {
                if (linesBeforeSteps < 0) linesBeforeSteps = observer.InformationLines.Count;
                if (observer.Steps.Count == 11) linesAfterTen = observer.InformationLines.Count;
            },
        };

        TrainingSet.Train(set.Options("run", "32x2x1", "48x1x1"), observer);

        Assert.Equal((1, 2), (linesBeforeSteps, linesAfterTen));
        Assert.Contains("36 steps in 3 epochs", observer.InformationLines[0], StringComparison.Ordinal);
        Assert.EndsWith("remaining, estimated from the first steps at 32 px", observer.InformationLines[1], StringComparison.Ordinal);
        Assert.EndsWith("remaining, estimated from the first steps at 48 px", observer.InformationLines[2], StringComparison.Ordinal);
        Assert.Equal(3, observer.InformationLines.Count);
    }
}
