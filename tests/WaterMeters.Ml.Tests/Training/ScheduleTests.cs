using System.Text.Json;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

public class ScheduleTests
{
    [Fact]
    public void Plateau_equals_ReduceLROnPlateau_of_PyTorch_after_each_epoch()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Golden("train", "plateau.json")));
        double[] losses = Numbers("validation_losses"), rates = Numbers("learning_rates");
        Assert.Equal(38, losses.Length);
        var schedule = new PlateauSchedule(1e-4, 0.5, 3, 1e-6);
        foreach (var (loss, rate) in losses.Zip(rates))
        {
            schedule.EpochEnded(loss);
            Assert.Equal(rate, schedule.Rate(0, 0), rate * 1e-12);
        }

        double[] Numbers(string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().Select(n => n.GetDouble())];
    }

    [Fact]
    public void Plateau_continues_from_its_state()
    {
        double[] losses = [1, 2, 2, 2, 2, 0.5, 2, 2, 2, 2, 2];
        var whole = new PlateauSchedule(1, 0.1, 3, 1e-6);
        foreach (double loss in losses) whole.EpochEnded(loss);
        for (int cut = 0; cut < losses.Length; cut++)
        {
            var first = new PlateauSchedule(1, 0.1, 3, 1e-6);
            foreach (double loss in losses[..cut]) first.EpochEnded(loss);
            var second = new PlateauSchedule(7, 0.1, 3, 1e-6) { State = first.State };
            foreach (double loss in losses[cut..]) second.EpochEnded(loss);
            Assert.Equal(whole.State, second.State);
        }

        Assert.Equal(0.01, whole.Rate(5, 0), 1e-12);
    }

    [Fact]
    public void Cosine_warms_up_linearly_and_ends_at_zero()
    {
        var schedule = new CosineSchedule(2e-3, 100);
        Assert.Equal(2e-5, schedule.Rate(0, 0), 1e-12);
        Assert.Equal(1e-3, schedule.Rate(49, 0), 1e-12);
        Assert.Equal(2e-3, schedule.Rate(99, 0), 1e-12);
        Assert.Equal(2e-3 * (1 + Math.Cos(Math.PI / 4)) / 2, schedule.Rate(350, 0.25), 1e-12);
        Assert.Equal(1e-3, schedule.Rate(600, 0.5), 1e-12);
        Assert.Equal(0, schedule.Rate(1100, 1), 1e-12);
    }

    [Fact]
    public void Work_is_photos_times_pixels()
    {
        // 10 photos: 2 epochs at 16 pixels are 5,120, one at 32 is 10,240.
        var clock = new TrainingClock([new TrainingStage(16, 2, 4), new TrainingStage(32, 1, 4)], 10);
        Assert.Equal(0, clock.Done(0, 0));
        Assert.Equal(1280 / 15360.0, clock.Done(0, 5), 1e-12);
        Assert.Equal(5120 / 15360.0, clock.Done(2, 0), 1e-12);
        Assert.Equal(10240 / 15360.0, clock.Done(2, 5), 1e-12);
        Assert.Equal(1, clock.Done(3, 0), 1e-12);
    }

    [Fact]
    public void Warms_up_for_at_most_a_tenth_of_the_steps()
    {
        var options = new TrainingOptions { DataPath = "", OutputPath = "", LearningRate = 1, WarmupSteps = 100 };
        Assert.Equal(1, LearningRateSchedule.Create(options, 50).Rate(4, 0), 1e-12);
        Assert.Equal(0.2, LearningRateSchedule.Create(options, 50).Rate(0, 0), 1e-12);
        Assert.Equal(0.01, LearningRateSchedule.Create(options, 5000).Rate(0, 0), 1e-12);
        Assert.Equal(1, LearningRateSchedule.Create(options with { WarmupSteps = 0 }, 5000).Rate(0, 0), 1e-12);
        Assert.Equal(1, LearningRateSchedule.Create(options, 3).Rate(0, 0), 1e-12);
    }

    [Theory]
    [InlineData(995, "256x14x8 384x5x4 512x4x4")]
    [InlineData(192, "256x40x8 384x10x4 512x5x4")]
    [InlineData(1, "256x60x8 384x15x4 512x8x4")]
    [InlineData(100_000, "256x14x8 384x5x4 512x4x4")]
    public void Default_stages_have_more_epochs_for_fewer_photos(int photos, string stages) =>
        Assert.Equal(stages, string.Join(' ', Recipe.StagesFor(photos)));

    [Fact]
    public void Clock_returns_the_stage_of_each_epoch_and_counts_the_incomplete_last_batch()
    {
        var clock = new TrainingClock([new("32x2x4"), new("48x1x3")], 10);
        Assert.Equal((3, 10L), (clock.TotalEpochs, clock.TotalSteps));
        Assert.Equal([32, 32, 48], Enumerable.Range(0, 3).Select(e => clock.StageOf(e).Size));
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(clock.StartsStage));
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(clock.IsLastStage));
    }
}
