using WaterMeters.Ml.Settings;

namespace WaterMeters.Ml.Tests.Settings;

public class DatasetSettingsTests
{
    [Fact]
    public void Paths_are_relative_to_the_file()
    {
        using var folder = new TempFolder();
        var settings = Read(folder, "dataset: {path: data/meters/, split: split.json}", Assert.Fail);
        Assert.Equal((folder["data", "meters"], folder["split.json"]), (settings.DataPath, settings.SplitPath));
        Assert.Equal(folder["split.json"], settings.SplitPathFor(folder["data", "meters"]));
        Assert.Null(settings.SplitPathFor(folder["data", "others"]));
        Assert.Equal(folder["s.json"], Read(folder, "dataset: {split: s.json}", Assert.Fail).SplitPathFor(folder["data", "others"]));
        Assert.Null(Read(folder, "gate: {alpha: 0.05}", Assert.Fail).DataPath);
        Assert.Equal(DatasetSettings.None, DatasetSettings.Read(null, Assert.Fail));
    }

    [Fact]
    public void Unknown_keys_and_empty_paths_are_reported()
    {
        using var folder = new TempFolder();
        var warnings = new List<string>();
        Read(folder, "dataset: {pth: data}", warnings.Add);
        Assert.EndsWith("Did you mean 'dataset.path'?", Assert.Single(warnings), StringComparison.Ordinal);
        var fault = Assert.Throws<SettingsException>(() => { Read(folder, "dataset: {path: ''}", Assert.Fail); });
        Assert.Equal(folder["wms.yaml"], fault.Setting);
    }

    private static DatasetSettings Read(TempFolder folder, string yaml, Action<string> warn)
    {
        File.WriteAllText(folder["wms.yaml"], yaml);
        return DatasetSettings.Read(SettingsFile.Read(folder["wms.yaml"], Assert.Fail), warn);
    }
}
