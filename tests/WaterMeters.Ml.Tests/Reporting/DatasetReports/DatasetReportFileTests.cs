using System.Text.Json;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.Ml.Tests.Datasets;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.DatasetReports;

public class DatasetReportFileTests
{
    [Fact]
    public void Writes_the_JSON_of_the_legacy_pipeline_over_an_older_report()
    {
        using var set = new DatasetFolder();
        set.Pair("a", 120).Pair("żółw", 0).Text("images", "y.jpg", "no photo");
        File.WriteAllText(set["report.json"], "an older report");

        Inspect(set, out var report, out var statistics);
        Write(report, statistics, set["report.json"]);

        using var json = JsonDocument.Parse(File.ReadAllBytes(set["report.json"]));
        var root = json.RootElement;
        Assert.Equal(
            [
                "status", "image_count", "mask_count", "valid_pairs", "errors", "warnings", "statistics", "histograms", "findings",
                "data_path", "checked", "seconds",
            ],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("FAIL", root.GetProperty("status").GetString());
        Assert.Equal([3, 2, 1], new[] { "image_count", "mask_count", "valid_pairs" }.Select(key => root.GetProperty(key).GetInt32()));
        string[] errors = [.. root.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!)];
        Assert.Equal(["y.jpg: ", "żółw.png: "], errors.Select(e => e[..(e.IndexOf(':') + 2)]));
        Assert.Empty(root.GetProperty("warnings").EnumerateArray());
        var coverage = root.GetProperty("statistics");
        Assert.Equal(["resolution", "median_coverage_%", "std_coverage_%"], coverage.EnumerateObject().Select(p => p.Name));
        Assert.Equal(5, coverage.GetProperty("median_coverage_%").GetDouble());
        Assert.Equal("40x30", coverage.GetProperty("resolution").GetString());
        var bars = root.GetProperty("histograms").GetProperty("coverage_%").EnumerateArray();
        Assert.Equal(2, bars.Sum(bar => bar.GetProperty("count").GetInt32()));
        string blocked = set["report.json", "below-a-file.json"];
        Assert.Throws<DatasetException>(
            () => Write(report, statistics, blocked));
    }

    [Fact]
    public void Writes_each_finding_in_full_to_the_JSON()
    {
        using var set = new DatasetFolder();
        string[] hostile = HtmlDocument.Hostile;
        List<DatasetFinding> findings = [.. Enumerable.Range(0, 5000).Select(i =>
            Finding("PhotoDuplicate", "a" + i, hostile[i % hostile.Length], other: i % 2 == 0 ? "/b" : null))];
        var report = new DatasetReport { DataPath = set.Path, Findings = new FindingList(findings), Status = DatasetStatus.Pass };
        Write(report, new DatasetStatistics(), set["report.JSON"]);

        using var json = JsonDocument.Parse(File.ReadAllBytes(set["report.JSON"]));
        var read = json.RootElement.GetProperty("findings").EnumerateArray().ToList();
        Assert.Equal(["check", "severity", "name", "path", "other_path", "message"], read[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(5000, read.Count);
        foreach (var (finding, element) in findings.Zip(read))
        {
            Assert.Equal(
                [finding.Check, "warning", finding.Name, finding.OtherPath],
                new[] { "check", "severity", "name", "other_path" }.Select(key => element.GetProperty(key).GetString()));
            Assert.Equal(ReplaceSurrogates(finding.Message), element.GetProperty("message").GetString());
        }
    }

    [Theory]
    [InlineData("report.json", true)]
    [InlineData("report.HTML", true)]
    [InlineData("folder.d/report.htm", true)]
    [InlineData("report.md", true)]
    [InlineData("report.sarif", true)]
    [InlineData("report.sarif.json", true)]
    [InlineData("report.xml", true)]
    [InlineData("report.txt", false)]
    [InlineData("report", false)]
    [InlineData("report.json.bak", false)]
    public void Recognizes_a_report_by_its_extension(string name, bool isReport) =>
        Assert.Equal(isReport, DatasetReportFile.IsReportName(name));

    [Fact]
    public void Keeps_the_older_report_when_cancelled()
    {
        using var set = new DatasetFolder();
        set.Pair("a", 0).Pair("b", 0);
        Inspect(set, out var report, out var statistics);
        foreach (string name in new[] { "report.json", "report.html", "report.sarif", "report.xml" })
        {
            File.WriteAllText(set[name], "an older report");
            Assert.ThrowsAny<OperationCanceledException>(
                () => Write(report, statistics, set[name], new CancellationToken(true)));
            Assert.Equal("an older report", File.ReadAllText(set[name]));
        }

        string?[] files = [.. Directory.GetFiles(set.Path).Select(Path.GetFileName).Order()];
        Assert.Equal(["report.html", "report.json", "report.sarif", "report.xml"], files);
    }

    internal static void Inspect(DatasetFolder set, out DatasetReport report, out DatasetStatistics statistics)
    {
        var inspector = new DatasetInspector(Findings.OfFewPairs);
        inspector.Inspect(set.Path, null, CancellationToken.None);
        (report, statistics) = (inspector.Report(), inspector.Statistics);
    }

    private static void Write(DatasetReport report, DatasetStatistics statistics, string path, CancellationToken? stop = null) =>
        DatasetReportFile.Write(
            CheckedDataset.Now(report, statistics), path, cancellation: stop ?? TestContext.Current.CancellationToken);

    internal static DatasetFinding Finding(
        string check,
        string name,
        string message,
        string path = "/a",
        string? other = null,
        FindingSeverity severity = FindingSeverity.Warning) =>
        new() { Check = check, Severity = severity, Name = name, Path = path, OtherPath = other, Message = message };

    /// <summary>Replaces unpaired surrogates as UTF-8 encoders do.</summary>
    private static string ReplaceSurrogates(string text) => string.Concat(text.EnumerateRunes());
}
