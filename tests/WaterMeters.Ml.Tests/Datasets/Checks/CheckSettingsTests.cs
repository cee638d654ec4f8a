using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Settings;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Checks;

public class CheckSettingsTests
{
    private readonly List<string> warnings = [];

    [Fact]
    public void Reads_the_three_severities_in_any_case_and_keeps_the_other_checks()
    {
        var settings = Read("checks:\n  MaskJpeg: error\n  photoblurred: Off\n  SizeMismatch: WARNING\n  Palette: false\n");
        Assert.Equal(FindingSeverity.Error, settings.Severity(DatasetCheck.MaskJpeg));
        Assert.Null(settings.Severity(DatasetCheck.PhotoBlurred));
        Assert.False(settings.IsEnabled(DatasetCheck.Palette));
        Assert.Equal(FindingSeverity.Warning, settings.Severity(DatasetCheck.SizeMismatch));
        Assert.Equal(FindingSeverity.Error, settings.Severity(DatasetCheck.MaskEmpty));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("checks:\n  MaskJpg: error\n", "MaskJpg")]
    [InlineData("checks:\n  3: off\n", "3")]
    [InlineData("checks:\n  NoDataset: off\n", "NoDataset")]
    [InlineData("checks:\n  NoPhotos: warning\n", "NoPhotos")]
    [InlineData("check:\n  MaskJpeg: error\n", "check")]
    [InlineData("checks: [MaskJpeg]\n", "checks")]
    public void Warns_of_entries_that_are_ignored_and_names_them(string yaml, string named)
    {
        var settings = Read(yaml);
        Assert.Contains(named, Assert.Single(warnings), StringComparison.Ordinal);
        Assert.All(Enum.GetValues<DatasetCheck>(), check => Assert.Equal(CheckSettings.Default.Severity(check), settings.Severity(check)));
    }

    [Theory]
    [InlineData("checks:\n  MaskJpeg: fatal\n", "MaskJpeg")]
    [InlineData("checks:\n  MaskJpeg:\n", "MaskJpeg")]
    [InlineData("checks: {\n", "YAML")]
    public void Refuses_invalid_values_and_names_them(string yaml, string named) =>
        Assert.Contains(named, Assert.Throws<SettingsException>(() => Read(yaml)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("checks:\n")]
    [InlineData("dataset:\n  path: data\ntraining:\n  output: runs\n")]
    public void Uses_the_defaults_when_no_check_is_listed(string yaml)
    {
        var settings = Read(yaml);
        Assert.Empty(warnings);
        Assert.All(Enum.GetValues<DatasetCheck>(), check => Assert.Equal(CheckSettings.Default.Severity(check), settings.Severity(check)));
    }

    [Fact]
    public void Uses_the_nearest_file_in_the_folder_or_above()
    {
        using var folder = new TempFolder();
        string below = folder["a", "b", "c"];
        Directory.CreateDirectory(folder["a"]);
        File.WriteAllText(folder["wms.yaml"], "");
        Assert.Equal(folder["wms.yaml"], SettingsFile.Nearest(below));
        File.WriteAllText(folder["a", "wms.yaml"], "");
        Assert.Equal(folder["a", "wms.yaml"], SettingsFile.Nearest(below));
        Assert.Equal(folder["wms.yaml"], SettingsFile.Nearest(folder.Path));
    }

    private CheckSettings Read(string yaml)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["wms.yaml"], yaml);
        return CheckSettings.Read(SettingsFile.Read(folder["wms.yaml"], warnings.Add), warnings.Add);
    }
}
