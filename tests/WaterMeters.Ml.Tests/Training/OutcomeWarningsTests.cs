using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

public class OutcomeWarningsTests
{
    [Theory]
    [InlineData(new[] { 1.5 }, false)]
    [InlineData(new[] { 1.5, 2.9 }, false)]
    [InlineData(new[] { 1.5, 3.1 }, true)]
    [InlineData(new[] { 1.5, 3.1, 9.0 }, false)] // said before
    [InlineData(new[] { 1.5, 1.0, 40.0 }, true)]
    public void Warns_once_of_a_loss_that_doubled(double[] losses, bool warns)
    {
        string? warning = OutcomeWarnings.OfGrowingLoss(Epochs(losses));
        Assert.Equal(warns, warning is not null);
        if (warns) Assert.Contains("-LearningRate", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0, double.NaN, new[] { 1.0, 7.0 }, "on the validation photos is 0.0000. The loss rose from 1.0000 to 7.0000: ")]
    [InlineData(0.5, 0.0999, new[] { 1.0, 0.7 }, "on the test photos is 0.0999. Train for more epochs")]
    [InlineData(0.0, 0.1, new[] { 1.0, 0.7 }, null)]
    [InlineData(0.2, double.NaN, new[] { 1.0, 7.0 }, null)]
    [InlineData(double.NaN, double.NaN, new[] { 1.0 }, null)]
    public void Warns_of_a_model_that_finds_nothing_and_says_why(double validation, double test, double[] losses, string? said)
    {
        string? warning = OutcomeWarnings.OfUselessModel(Result(validation, test), Epochs(losses));
        if (said is null) Assert.Null(warning);
        else Assert.Contains(said, warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.99, 0.05, "Poor")]
    [InlineData(0.1, double.NaN, "Poor")]
    [InlineData(0, 0.5, "Mediocre")]
    [InlineData(0, 0.85, "Excellent")]
    [InlineData(double.NaN, double.NaN, null)]
    public void Quality_is_the_dice_of_the_test_or_else_of_the_validation_photos(double validation, double test, string? quality) =>
        Assert.Equal(quality, Result(validation, test).Quality);

    private static TrainingResult Result(double validation, double test) => new()
    {
        ModelPath = "", OutputPath = "", DataPath = "", CheckpointPath = "", MetricsPath = "",
        ValidationDice = Known(validation), TestDice = Known(test),
    };

    private static double? Known(double dice) => double.IsNaN(dice) ? null : dice;

    private static EpochRecord[] Epochs(double[] losses) =>
        [.. losses.Select((loss, i) => new EpochRecord { Epoch = i + 1, TrainingLoss = loss })];
}
