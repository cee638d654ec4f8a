using System.Globalization;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

public class TrainConfigFileTests
{
    private const string LegacyFile = """
        model:
          architecture: unet
          input_channels: 3
          output_channels: 1
          input_size: 512
        training:
          epochs: 50
          batch_size: 4
          learning_rate: 0.0001
          weight_decay: 0.0001
          early_stopping_patience: 5
          scheduler:
            factor: 0.5
            patience: 3
            min_lr: 0.000001
        data: {train_split: 0.8, val_split: 0.1, test_split: 0.1}
        augmentation:
          horizontal_flip: 0.5
          vertical_flip: 0.3
          rotation_degrees: 10
          rotation_prob: 0.5
          color_jitter_prob: 0.3
        """;

    private static readonly TrainingOptions Defaults = new() { DataPath = "data", OutputPath = "run", Seed = 7, BaseChannels = 8 };

    [Theory]
    [InlineData("en-US", LegacyFile)]
    [InlineData("pl-PL", LegacyFile)]
    [InlineData("en-US", "")]
    public void Reads_the_legacy_recipe_and_uses_it_for_missing_values(string culture, string text)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            var (options, warnings) = Read(text);
            Assert.Empty(warnings);
            Assert.Equal(["512x50x4"], options.Stages.Select(s => s.ToString()));
            Assert.Equal((LossKind.Bce, OptimizerKind.Adam), (options.Loss, options.Optimizer));
            Assert.Equal((ScheduleKind.Plateau, 0.0), (options.Schedule, options.AverageDecay));
            Assert.Equal((1e-4, 1e-4, 5), (options.LearningRate, options.WeightDecay, options.EarlyStoppingPatience));
            Assert.Equal((0.5, 3, 1e-6), (options.PlateauFactor, options.PlateauPatience, options.MinimumLearningRate));
            Assert.Equal((0.5, 0.3, 0.3), (options.HorizontalFlip, options.VerticalFlip, options.BrightnessProbability));
            Assert.Equal((10.0, 0.5), (options.RotationDegrees, options.RotationProbability));
            Assert.Equal(("data", "run", 7, 8), (options.DataPath, options.OutputPath, options.Seed, options.BaseChannels));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Uses_the_values_of_the_file()
    {
        var (options, _) = Read(
            "training: {epochs: 3, batch_size: 2, learning_rate: 1e-3, scheduler: {patience: 9}}\n" +
            "model: {input_size: 64}\naugmentation: {rotation_degrees: 0}");
        Assert.Equal(["64x3x2"], options.Stages.Select(s => s.ToString()));
        Assert.Equal((1e-3, 9, 0.0), (options.LearningRate, options.PlateauPatience, options.RotationDegrees));
    }

    [Fact]
    public void Warns_of_each_unknown_key()
    {
        var (_, warnings) = Read("training: {epochs: 3, learning_rat: 1}\nmlflow: {uri: x}\nnote: hello");
        Assert.Equal(3, warnings.Count);
        foreach (string key in new[] { "training.learning_rat", "mlflow.uri", "note" })
        {
            Assert.Contains(warnings, w => w.Contains($"Unknown key '{key}' ignored.", StringComparison.Ordinal));
        }

        Assert.Contains(warnings, w => w.EndsWith("Did you mean 'training.learning_rate'?", StringComparison.Ordinal));
    }

    [Fact]
    public void Warns_of_fractions_that_are_ignored()
    {
        var (_, warnings) = Read("data: {train_split: 0.7, val_split: 0.2, test_split: 0.1}");
        Assert.Contains("-SplitPath", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training: {learning_rate: fast}", "training.learning_rate", "fast")]
    [InlineData("training: {learning_rate: .nan}", "training.learning_rate", ".nan")]
    [InlineData("training:\n  learning_rate: 0,001", "training.learning_rate", "0,001")]
    [InlineData("training: {learning_rate: 1000}", "LearningRate", "1000")]
    [InlineData("training: {epochs: 2.5}", "training.epochs", "2.5")]
    [InlineData("training: {epochs: 0}", "epochs", "0")]
    [InlineData("training: {epochs: [1, 2]}", "training.epochs", "1")]
    [InlineData("training: {batch_size: -4}", "training.batch_size", "-4")]
    [InlineData("model: {input_size: 500}", "size", "500")]
    [InlineData("model: {architecture: segformer}", "model.architecture", "segformer")]
    [InlineData("model: {input_channels: 1}", "model.input_channels", "1")]
    [InlineData("augmentation: {horizontal_flip: 1.5}", "HorizontalFlip", "1.5")]
    [InlineData("training: {epochs: 3", "YAML", "line")]
    [InlineData("training: {epochs: 3}\ntraining: {epochs: 4}", "YAML", "line")]
    public void Error_contains_the_file_the_key_and_the_value(string text, string key, string value)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["train.yaml"], text);
        var error = Assert.Throws<SettingsException>(() => TrainConfigFile.Read(folder["train.yaml"], Defaults, _ => { }));
        Assert.Contains(folder["train.yaml"], error.Message, StringComparison.Ordinal);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_YAML_that_would_exhaust_stack_time_or_memory()
    {
        using var folder = new TempFolder();
        foreach (var (text, reason) in new[]
        {
            (new string('[', 200_000), "nested deeper than"),
            ("a: &a [1, 2]\nb: [*a, *a]", "uses aliases"),
            ("# " + new string('x', 1 << 20), "larger than"),
        })
        {
            File.WriteAllText(folder["train.yaml"], text);
            var error = Assert.Throws<SettingsException>(() => TrainConfigFile.Read(folder["train.yaml"], Defaults, _ => { }));
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Error_contains_the_path_of_a_missing_file()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<SettingsException>(() => TrainConfigFile.Read(folder["no.yaml"], Defaults, _ => { }));
        Assert.Contains(folder["no.yaml"], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(TrainingOptions.LearningRate), 0.0)]
    [InlineData(nameof(TrainingOptions.LearningRate), double.NaN)]
    [InlineData(nameof(TrainingOptions.AverageDecay), 1.0)]
    [InlineData(nameof(TrainingOptions.VerticalFlip), -0.1)]
    [InlineData(nameof(TrainingOptions.WeightDecay), 2.0)]
    [InlineData(nameof(TrainingOptions.AugmentationThreads), 0)]
    [InlineData(nameof(TrainingOptions.BaseChannels), 0)]
    public void Options_refuse_values_out_of_range(string name, object value)
    {
        var options = Defaults with { };
        Defaults.Check();
        typeof(TrainingOptions).GetProperty(name)!.SetValue(options, value);
        Assert.Contains(name, Assert.Throws<SettingsException>(options.Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_refuse_decreasing_sizes() =>
        Assert.Throws<SettingsException>((Defaults with { Stages = [new("64x1x1"), new("32x1x1")] }).Check);

    private static (TrainingOptions Options, List<string> Warnings) Read(string text)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["train.yaml"], text);
        var warnings = new List<string>();
        return (TrainConfigFile.Read(folder["train.yaml"], Defaults, warnings.Add), warnings);
    }
}
