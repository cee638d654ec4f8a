using WaterMeters.Ops.GitHub;

namespace WaterMeters.Ops.Tests.GitHub;

public class FindingAnnotationsTests
{
    [Theory]
    [InlineData("images/a.jpg", "MaskEmpty: a", "The mask is empty.", "::error file=images/a.jpg,title=MaskEmpty%3A a::The mask is empty.")]
    [InlineData("a,b:c%.png", "t", "100 %, a: b", "::error file=a%2Cb%3Ac%25.png,title=t::100 %25, a: b")]
    [InlineData(null, "t", "a\r\nb::error::c", "::error title=t::a%0D%0Ab::error::c")]
    [InlineData("x", "a\n::warning::b", "\u001b[31mred\u2028", "::error file=x,title=a%0A%3A%3Awarning%3A%3Ab::\uFFFD[31mred\uFFFD")]
    public void Encodes_what_the_runner_decodes(string? file, string title, string message, string line) =>
        Assert.Equal(line, WorkflowCommand.Annotation("error", file, title, message));

    [Fact]
    public void Stands_at_the_file_with_errors_first()
    {
        DatasetFinding[] findings =
        [
            Finding("PhotoDuplicate", "a", FindingSeverity.Warning) with { OtherPath = "/repo/images/b" }, Finding("MaskEmpty", "c"),
            Finding("NoDataset", "") with { Path = "/repo" },
        ];
        Assert.Equal(
            [
                "::error file=images/c,title=MaskEmpty%3A c::Message.", "::error title=NoDataset%3A /repo::Message.",
                "::warning file=images/a,title=PhotoDuplicate%3A a::Message. The other file: images/b.",
            ],
            FindingAnnotations.Lines(findings, Relative));
    }

    [Fact]
    public void Shows_each_check_and_counts_the_rest_when_there_are_more_than_GitHub_shows()
    {
        DatasetFinding[] findings =
        [
            .. Enumerable.Range(0, 240).Select(i => Finding("MaskJpeg", $"m{i}", FindingSeverity.Warning)),
            .. Enumerable.Range(0, 2).Select(i => Finding("PhotoDark", $"d{i}", FindingSeverity.Warning)),
            .. Enumerable.Range(0, 10).Select(i => Finding("MaskEmpty", $"e{i}")),
        ];
        var lines = FindingAnnotations.Lines(findings, Relative);
        Assert.Equal(10, lines.Count(line => line.StartsWith("::error", StringComparison.Ordinal)));
        string[] warnings = [.. lines.Where(line => line.StartsWith("::warning", StringComparison.Ordinal))];
        Assert.Equal(10, warnings.Length);
        Assert.Equal(2, warnings.Count(line => line.Contains("PhotoDark", StringComparison.Ordinal)));
        Assert.Equal("::warning title=Data set check::233 more warnings. The summary of the step counts them by check.", warnings[^1]);
        Assert.Empty(FindingAnnotations.Lines([], Relative));
    }

    private static string? Relative(string path) => path == "/repo" ? "." : path.Replace("/repo/", "", StringComparison.Ordinal);

    private static DatasetFinding Finding(string check, string name, FindingSeverity severity = FindingSeverity.Error) =>
        new() { Check = check, Name = name, Path = "/repo/images/" + name, Severity = severity, Message = "Message." };
}
