using System.Text;
using WaterMeters.Ops.GitHub;

namespace WaterMeters.Ops.Tests.GitHub;

public sealed class StepFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("wms-test-").FullName;

    private string Summary => Path.Combine(folder, "summary");

    private string Output => Path.Combine(folder, "output");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Completes_an_unfinished_line_before_it_appends()
    {
        File.WriteAllText(Output, "other=1");
        Step().AppendOutputs([new("passed", "true"), new("verdict", "Superior")]);
        Step().AppendOutputs([new("dice", "0.5")]);
        Assert.Equal("other=1\npassed=true\nverdict=Superior\ndice=0.5\n", Encoding.UTF8.GetString(File.ReadAllBytes(Output)));

        Assert.True(Step().AppendSummary("ż"));
        Assert.True(Step().AppendSummary("b\n"));
        Assert.Equal("ż\nb\n"u8.ToArray(), File.ReadAllBytes(Summary));
    }

    [Theory]
    [InlineData("a\npassed=true")]
    [InlineData("a\rpassed=true")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    public void Rejects_values_with_several_lines(string value)
    {
        Assert.Throws<ArgumentException>(() => Step().AppendOutputs([new("verdict", value)]));
        Assert.False(File.Exists(Output));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=b")]
    [InlineData("a<<END")]
    public void Rejects_keys_that_are_not_words(string key) =>
        Assert.Throws<ArgumentException>(() => Step().AppendOutputs([new(key, "x")]));

    [Fact]
    public void Leaves_a_full_summary_unchanged()
    {
        File.WriteAllBytes(Summary, new byte[StepFiles.MaxSummaryBytes - 10]);
        Assert.False(Step().AppendSummary("eleven bytes"));
        Assert.Equal(StepFiles.MaxSummaryBytes - 10, new FileInfo(Summary).Length);
        Assert.True(Step().AppendSummary("x"));
    }

    [Fact]
    public void Fails_outside_of_a_step()
    {
        foreach (string missing in new[] { StepFiles.SummaryVariable, StepFiles.OutputVariable })
        {
            var failure = Assert.Throws<SettingsException>(() => StepFiles.Find(name => name == missing ? "" : "somewhere"));
            Assert.Equal(missing, failure.Setting);
            Assert.Contains("GitHub Actions", failure.Message, StringComparison.Ordinal);
        }

        var nowhere = StepFiles.Find(_ => Path.Combine(folder, "none", "x"));
        Assert.Equal(StepFiles.OutputVariable, Assert.Throws<SettingsException>(() => nowhere.AppendOutputs([])).Setting);
    }

    private StepFiles Step() => StepFiles.Find(name => name == StepFiles.SummaryVariable ? Summary : Output);
}
