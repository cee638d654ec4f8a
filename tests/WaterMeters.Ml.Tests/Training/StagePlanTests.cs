using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

public class StagePlanTests
{
    private static readonly TrainingOptions Options = new() { DataPath = "data", OutputPath = "run" };

    [Theory]
    [InlineData(TrainingPreset.Quick, 192, "128x20x8 256x5x8")]
    [InlineData(TrainingPreset.Quick, 995, "128x6x8 256x2x8")]
    [InlineData(TrainingPreset.Standard, 192, "256x40x8 384x10x4 512x5x4")]
    [InlineData(TrainingPreset.Thorough, 192, "256x80x8 384x20x4 512x10x4")]
    public void A_preset_chooses_stages_by_the_number_of_photos(TrainingPreset preset, int photos, string stages) =>
        Assert.Equal(stages, Stages(new StagePlan { Preset = preset }, "", photos));

    [Theory]
    [InlineData("", null, null, null, "256x40x8 384x10x4 512x5x4")]
    [InlineData("", null, 256, null, "128x40x8 192x10x4 256x5x4")]
    [InlineData("", null, 16, null, "16x40x8 16x10x4 16x5x4")]
    [InlineData("", null, 4096, null, "2048x40x8 3072x10x4 4096x5x4")]
    [InlineData("", null, null, 2, "256x40x2 384x10x2 512x5x2")]
    [InlineData("", 11, null, null, "256x8x8 384x2x4 512x1x4")]
    [InlineData("", 55, null, null, "256x40x8 384x10x4 512x5x4")]
    [InlineData("", 110, null, null, "256x80x8 384x20x4 512x10x4")]
    [InlineData("", 4, null, null, "256x2x8 384x1x4 512x1x4")]
    [InlineData("", 3, null, null, "256x1x8 384x1x4 512x1x4")]
    [InlineData("", 1, null, null, "512x1x4")]
    [InlineData("512x50x4", 7, 64, 3, "64x7x3")]
    [InlineData("64x3x2 128x1x2", 9, null, null, "64x7x2 128x2x2")]
    public void Changes_the_numbers_of_the_stages(string given, int? epochs, int? size, int? batch, string stages)
    {
        var plan = new StagePlan { Epochs = epochs, ImageSize = size, BatchSize = batch };
        Assert.Equal(stages, Stages(plan, given, 192));

        // The same command on a run that already has these stages: nothing changes, so the run resumes.
        Assert.Equal(stages, Stages(plan, stages, 192));
    }

    [Fact]
    public void The_plan_is_empty_once_the_stages_are_chosen()
    {
        var chosen = Recipe.WithStages(Options with { Plan = new StagePlan { Preset = TrainingPreset.Quick, Epochs = 4 } }, 192);
        Assert.Equal(new StagePlan(), chosen.Plan);
        Assert.Equal("128x3x8 256x1x8", string.Join(' ', chosen.Stages));
    }

    [Theory]
    [InlineData(0, null, null, "Epochs is 0. Use at least 1.")]
    [InlineData(null, 100, null, "ImageSize is 100. Use a multiple of 16 from 16 to 4096.")]
    [InlineData(null, 4112, null, "ImageSize is 4112. Use a multiple of 16 from 16 to 4096.")]
    [InlineData(null, null, -1, "BatchSize is -1. Use at least 1.")]
    public void Refuses_numbers_out_of_range_by_the_name_of_the_parameter(int? epochs, int? size, int? batch, string message)
    {
        var options = Options with { Plan = new StagePlan { Epochs = epochs, ImageSize = size, BatchSize = batch } };
        var refusal = Assert.Throws<SettingsException>(options.Check);
        Assert.Equal(message, refusal.Message);
        Assert.StartsWith(refusal.Setting, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_batch_that_no_array_holds() => Assert.Contains(
        "Use fewer photos in a step",
        Assert.Throws<SettingsException>(
            () => Recipe.WithStages(Options with { Plan = new StagePlan { ImageSize = 4096, BatchSize = 64 } }, 9)).Message,
        StringComparison.Ordinal);

    private static string Stages(StagePlan plan, string given, int photos)
    {
        TrainingStage[] stages = [.. given.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => new TrainingStage(s))];
        return string.Join(' ', Recipe.WithStages(Options with { Stages = stages, Plan = plan }, photos).Stages);
    }
}
