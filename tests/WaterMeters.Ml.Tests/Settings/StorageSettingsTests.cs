using WaterMeters.Ml.Settings;

namespace WaterMeters.Ml.Tests.Settings;

public class StorageSettingsTests
{
    private readonly List<string> warnings = [];

    [Theory]
    [InlineData("storage:\n  remote: cloud\n", "cloud")]
    [InlineData("storage:\n  Remote: ' cloud '\n", "cloud")]
    [InlineData("dataset:\n  path: data\n", null)]
    public void Names_the_remote(string text, string? remote)
    {
        Assert.Equal(remote, Read(text).Remote);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Warns_of_unknown_keys_and_refuses_an_empty_value()
    {
        Assert.Null(Read("storage:\n  remotes: cloud\n").Remote);
        Assert.Contains("storage.remote", Assert.Single(warnings), StringComparison.Ordinal);
        var e = Assert.Throws<SettingsException>(() => Read("storage:\n  remote: ' '\n"));
        Assert.Contains("storage.remote", e.Message, StringComparison.Ordinal);
        Assert.Null(StorageSettings.Read(null, warnings.Add).Remote);
    }

    private StorageSettings Read(string text)
    {
        using var temp = new TempFolder();
        File.WriteAllText(temp["wms.yaml"], text);
        return StorageSettings.Read(SettingsFile.Read(temp["wms.yaml"], warnings.Add), warnings.Add);
    }
}
