using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Evaluation.Gate;
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

    [Theory]
    [InlineData("chekcs: {MaskJpeg: off}", "the unknown key 'chekcs'. Did you mean 'checks'? Correct or remove it: ")]
    [InlineData("colour: red", "the unknown key 'colour'. Known keys: dataset, training, ")]
    [InlineData("gate: strict", "'gate' must contain keys.")]
    [InlineData("gate: {minimumDcie: 0.9}", "the unknown key 'gate.minimumDcie'. Did you mean 'gate.minimumDice'?")]
    [InlineData("gate: {colour: red}", "the unknown key 'gate.colour'. Known keys: gate.policy, ")]
    [InlineData("checks: {MaskJpg: off}", "the unknown key 'checks.MaskJpg'. Did you mean 'checks.MaskJpeg'?")]
    [InlineData("checks: {Colour: off}", "the unknown key 'checks.Colour'. See about_WaterMeters_")]
    public void Refuses_unknown_keys_where_the_file_decides_a_gate(string yaml, string expected)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["wms.yaml"], yaml);
        var refusal = Assert.Throws<SettingsException>(() =>
        {
            var file = SettingsFile.Read(folder["wms.yaml"], Assert.Fail, strict: true);
            GateSettings.Read(file, Assert.Fail);
            CheckSettings.Read(file, Assert.Fail);
        });
        Assert.Equal(folder["wms.yaml"], refusal.Setting);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_a_part_with_its_nested_keys()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["wms.yaml"], "dataset:\n  name: meters\n  files: {b: 2, a: 1}\n");
        var file = SettingsFile.Read(folder["wms.yaml"], Assert.Fail);
        Assert.Equal(["files.a", "files.b", "name"], file.Part("dataset").Select(setting => setting.Key));
        Assert.Empty(file.Part("gate"));
    }

    [Fact]
    public void Finds_the_nearest_file_upward()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["wms.yaml"], "");
        Assert.Equal(folder["wms.yaml"], SettingsFile.Nearest(folder["not", "there"]));
    }

    [Fact]
    public void Names_a_file_that_is_called_almost_the_same()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["below"]);
        File.WriteAllText(folder["wms.yaml"], "");
        File.WriteAllText(folder["below", "wms.yml"], "");
        var warnings = new List<string>();
        Assert.Equal(folder["wms.yaml"], SettingsFile.ReadNearest(folder["below"], warnings.Add, strict: false)!.Path);
        Assert.Contains("Rename it", Assert.Single(warnings), StringComparison.Ordinal);
        var error = Assert.Throws<SettingsException>(() => SettingsFile.ReadNearest(folder["below"], warnings.Add, strict: true));
        Assert.Equal(folder["below", "wms.yml"], error.Setting);

        // What is above the file that is read does not matter.
        File.Move(folder["wms.yaml"], folder["below", "wms.yaml"]);
        File.Move(folder["below", "wms.yml"], folder["wms.yml"]);
        Assert.NotNull(SettingsFile.ReadNearest(folder["below"], warnings.Add, strict: true));
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
