using WaterMeters.Ml.Settings;

namespace WaterMeters.Ml.Tests.Settings;

public class SettingsFileTests
{
    [Theory]
    [InlineData("datset: {path: data}", "Unknown key 'datset' ignored. Did you mean 'dataset'?")]
    [InlineData("Gate: {alpha: 0.05}", "Unknown key 'Gate' ignored. Did you mean 'gate'?")]
    [InlineData("traning: {config: a.yaml}", "Unknown key 'traning' ignored. Did you mean 'training'?")]
    [InlineData("colour: {}\nsomething: 1", "Unknown key 'something' ignored. Known keys: dataset, training, ")]
    [InlineData("gate: strict", "Value 'strict' of 'gate' ignored. 'gate' must contain keys.")]
    public void Warns_about_ignored_keys_and_suggests_the_nearest_one(string yaml, string expected)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["wms.yaml"], yaml);
        var warnings = new List<string>();
        SettingsFile.Read(folder["wms.yaml"], warnings.Add);
        Assert.Contains($"{folder["wms.yaml"]}: {expected}", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_a_part_with_its_nested_keys()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["wms.yaml"], "model:\n  name: meters\n  files: {b: 2, a: 1}\n");
        var file = SettingsFile.Read(folder["wms.yaml"], Assert.Fail);
        Assert.Equal(["files.a", "files.b", "name"], file.Part("model").Select(setting => setting.Key));
        Assert.Empty(file.Part("gate"));
    }

    [Fact]
    public void Finds_the_nearest_file_upward()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["wms.yaml"], "");
        Assert.Equal(folder["wms.yaml"], SettingsFile.Nearest(folder["not", "there"]));
    }

    [Theory]
    [InlineData("gates", "gate")]
    [InlineData("agte", "gate")]
    [InlineData("aws", "aws")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void Finds_the_nearest_known_key(string key, string? expected) =>
        Assert.Equal(expected, UnknownKey.Nearest(key, ["dataset", "gate", "aws"]));
}
