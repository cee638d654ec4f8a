using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Settings;

namespace WaterMeters.Ml.Tests.Evaluation.Gate;

public class GateSettingsTests
{
    private readonly List<string> warnings = [];

    [Fact]
    public void Reads_every_key_in_any_case_and_keeps_the_other_defaults()
    {
        Assert.Equal(
            new GateOptions { Policy = GatePolicy.NonInferior, Alpha = 0.01, Margin = 0.005, MinimumDice = 0.8, MinimumPhotos = 50 },
            Read("gate:\n  policy: noninferior\n  Alpha: 0.01\n  margin: 5e-3\n  minimumdice: 0.8\n  minimumPhotos: 50\n"));
        Assert.Equal(new GateOptions { MinimumPhotos = 30 }, Read("checks:\n  MaskJpeg: error\ngate:\n  minimumPhotos: 30\n"));
        Assert.Equal(new GateOptions(), GateSettings.Read(null, warnings.Add));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Warns_of_an_unknown_key_and_names_it()
    {
        Assert.Equal(new GateOptions { Alpha = 0.01 }, Read("gate:\n  minDice: 0.8\n  alpha: 0.01\n"));
        Assert.Contains("gate.minDice", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy", "Better")]
    [InlineData("policy", "1")]
    [InlineData("policy", "'+2'")]
    [InlineData("policy", "superior, strict")]
    [InlineData("policy", "")]
    [InlineData("alpha", "0,01")]
    [InlineData("alpha", "2")]
    [InlineData("alpha", ".nan")]
    [InlineData("margin", "-0.01")]
    [InlineData("margin", "NaN")]
    [InlineData("minimumDice", "")]
    [InlineData("minimumDice", "80%")]
    [InlineData("minimumDice", "80")]
    [InlineData("minimumPhotos", "0")]
    [InlineData("minimumPhotos", "12.5")]
    [InlineData("minimumPhotos", "-3")]
    public void Rejects_an_invalid_value_and_names_file_and_key(string key, string value)
    {
        var failure = Assert.Throws<SettingsException>(() => Read($"gate:\n  {key}: {value}\n"));
        Assert.Contains($"gate.{key}", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(SettingsFile.Name, failure.Setting, StringComparison.Ordinal);
    }

    private GateOptions Read(string yaml)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder[SettingsFile.Name], yaml);
        return GateSettings.Read(SettingsFile.Read(folder[SettingsFile.Name], warnings.Add), warnings.Add);
    }
}
