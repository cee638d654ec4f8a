using WaterMeters.Ml.Models;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

/// <summary>At 16 px BatchNorm has one value of each channel for a photo, so that a batch needs two.</summary>
[Collection(TrainingCollection.Name)]
public class BatchPlanTests
{
    [Theory]
    [InlineData(16, 4, 9, new[] { 4, 5 })]
    [InlineData(16, 4, 5, new[] { 5 })]
    [InlineData(16, 2, 5, new[] { 2, 3 })]
    [InlineData(16, 4, 10, new[] { 4, 4, 2 })]
    [InlineData(16, 8, 3, new[] { 3 })]
    [InlineData(32, 4, 9, new[] { 4, 4, 1 })]
    [InlineData(32, 1, 2, new[] { 1, 1 })]
    public void Joins_a_last_photo_to_the_batch_before_it_only_where_it_cannot_stand_alone(int size, int batch, int photos, int[] expected)
    {
        int[] order = [.. Enumerable.Range(0, photos).Reverse()];
        var batches = BatchPlan.Divide(order, size, batch).ToList();
        Assert.Equal(expected, batches.Select(b => b.Length));
        Assert.Equal(order, batches.SelectMany(b => b));
        Assert.Equal(expected.Length, BatchPlan.Steps(new TrainingStage(size, 1, batch), photos));
    }

    [Theory]
    [InlineData("16x1x1", 5, "batches of at least 2 photos")]
    [InlineData("16x1x4", 1, "more photos")]
    public void Refuses_single_photos_before_the_training_starts(string stage, int photos, string remedy)
    {
        using var set = TrainingSet.Noise(photos, 1, 0);
        var error = Assert.Throws<SettingsException>(() => TrainingSet.Train(set.Options("run", stage)));
        Assert.Equal("Stage", error.Setting);
        Assert.Contains(stage, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(set["run"]));
        Assert.Throws<SettingsException>(
            () => TrainingForecast.Read(set.Options("run", stage), null, false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Trains_at_16_pixels_with_one_photo_left_over()
    {
        using var set = TrainingSet.Noise(5, 1, 0);
        var observer = new RecordingObserver();
        var result = TrainingSet.Train(set.Options("run", "16x2x4"), observer);
        Assert.Contains("test part", Assert.Single(observer.Warnings), StringComparison.Ordinal);
        Assert.Equal((2, 1), (observer.Steps.Count, observer.Steps[^1].Steps));
        Assert.NotNull(ModelFile.Load(result.ModelPath));
    }
}
