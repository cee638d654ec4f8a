using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

public class TrainingSpeedTests
{
    private static readonly TrainingStage[] Stages = [new("256x4x8"), new("512x2x4")];

    [Fact]
    public void Operations_are_those_of_the_convolutions()
    {
        // Base 1: 2 x 9 x out x (in + out) per pixel of each level, and the last convolution.
        double encoders = (1 * (3 + 1)) + (2 * (1 + 2) / 4.0) + (4 * (2 + 4) / 16.0) + (8 * (4 + 8) / 64.0) + (16 * (8 + 16) / 256.0);
        double decoders = (1 * (3 + 1)) + (2 * (6 + 2) / 4.0) + (4 * (12 + 4) / 16.0) + (8 * (24 + 8) / 64.0);
        Assert.Equal((18 * (encoders + decoders)) + 2, TrainingSpeed.OperationsPerPixel(1), 1e-9);
    }

    [Theory]
    [InlineData(0, 4.0 + 8)]
    [InlineData(1, 3.0 + 8)]
    [InlineData(4, 8)]
    [InlineData(5, 4)]
    [InlineData(6, 0)]
    public void Time_counts_the_remaining_epochs_by_their_pixels(int finished, double units)
    {
        double unit = 256 * 256 * ((3 * 100) + 20) * TrainingSpeed.OperationsPerPixel(8);
        var time = TrainingSpeed.Estimate(Stages, finished, 100, 20, 8, operationsPerSecond: unit);
        Assert.Equal(units, time.TotalSeconds, 1e-3);
    }

    [Theory]
    [InlineData(20, "a minute or less")]
    [InlineData(61, "2 minutes")]
    [InlineData(5300, "89 minutes")]
    [InlineData(9000, "2.5 hours")]
    public void The_forecast_says_the_time_roughly(double seconds, string said)
    {
        var options = new TrainingOptions { DataPath = "data", OutputPath = "run", Stages = Stages, Device = ComputeDevice.Cpu };
        var forecast = TrainingForecast.Estimate(options, 100, 20);
        Assert.NotNull(forecast.Duration);
        Assert.EndsWith(
            $"; stages 256x4x8,512x2x4; roughly {said} on this processor",
            (forecast with { Duration = TimeSpan.FromSeconds(seconds) }).ToString(),
            StringComparison.Ordinal);
        Assert.EndsWith("; stages 256x4x8,512x2x4", (forecast with { Duration = null }).ToString(), StringComparison.Ordinal);
    }
}
