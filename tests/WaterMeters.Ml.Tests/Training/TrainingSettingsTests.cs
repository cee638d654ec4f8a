using WaterMeters.Ml.Settings;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

public class TrainingSettingsTests
{
    private readonly List<string> warnings = [];

    [Fact]
    public void Paths_start_at_the_folder_of_the_file()
    {
        using var folder = new TempFolder();
        Assert.Equal(
            new TrainingSettings(folder["recipes", "train.yaml"], folder["trainings"]),
            Read(folder, "training:\n  config: recipes/train.yaml\n  Output: trainings\n"));
        Assert.Equal(new TrainingSettings(null, folder.Path), Read(folder, $"training:\n  output: '{folder.Path}'\n"));
        Assert.Equal(new TrainingSettings(null, null), Read(folder, "gate:\n  alpha: 0.01\n"));
        Assert.Equal(new TrainingSettings(null, null), TrainingSettings.Read(null, warnings.Add));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Warns_of_an_unknown_key_and_refuses_an_empty_path()
    {
        using var folder = new TempFolder();
        Read(folder, "training:\n  ouptut: trainings\n");
        Assert.EndsWith(
            "Unknown key 'training.ouptut' ignored. Did you mean 'training.output'?", Assert.Single(warnings), StringComparison.Ordinal);
        var refusal = Assert.Throws<SettingsException>(() => Read(folder, "training:\n  config: ''\n"));
        Assert.Contains("training.config", refusal.Message, StringComparison.Ordinal);
    }

    private TrainingSettings Read(TempFolder folder, string yaml)
    {
        File.WriteAllText(folder[SettingsFile.Name], yaml);
        return TrainingSettings.Read(SettingsFile.Read(folder[SettingsFile.Name], warnings.Add), warnings.Add);
    }
}
