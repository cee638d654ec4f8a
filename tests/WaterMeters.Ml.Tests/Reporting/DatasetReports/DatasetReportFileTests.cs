using System.Text.Json;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.Ml.Tests.Datasets;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.DatasetReports;

public class DatasetReportFileTests
{
    [Fact]
    public void Writes_the_seeds_report_over_an_older_one()
    {
        using var set = new DatasetFolder();
        set.Pair("a", 120).Pair("żółw", 0).Text("images", "y.jpg", "no photo");
        File.WriteAllText(set["report.json"], "an older report");

        Inspect(set, out var report, out var statistics);
        DatasetReportFile.Write(report, statistics, set["report.json"], null, TestContext.Current.CancellationToken);

        using var json = JsonDocument.Parse(File.ReadAllBytes(set["report.json"]));
        var root = json.RootElement;
        Assert.Equal(["status", "image_count", "mask_count", "valid_pairs", "errors", "warnings", "statistics", "histograms", "findings"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("FAIL", 3, 2, 1), (root.GetProperty("status").GetString(), root.GetProperty("image_count").GetInt32(), root.GetProperty("mask_count").GetInt32(), root.GetProperty("valid_pairs").GetInt32()));
        Assert.Equal(["y.jpg: ", "żółw.png: "], root.GetProperty("errors").EnumerateArray().Select(e => e.GetString()![..(e.GetString()!.IndexOf(':') + 2)]));
        Assert.Empty(root.GetProperty("warnings").EnumerateArray());
        Assert.Equal(["resolution", "median_coverage_%", "std_coverage_%"], root.GetProperty("statistics").EnumerateObject().Select(p => p.Name));
        Assert.Equal(5, root.GetProperty("statistics").GetProperty("median_coverage_%").GetDouble());
        Assert.Equal("40x30", root.GetProperty("statistics").GetProperty("resolution").GetString());
        Assert.Equal(2, root.GetProperty("histograms").GetProperty("coverage_%").EnumerateArray().Sum(bar => bar.GetProperty("count").GetInt32()));
        Assert.Throws<DatasetException>(() => DatasetReportFile.Write(report, statistics, set["report.json", "below-a-file.json"], null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Gives_each_finding_with_its_parts_to_other_programs()
    {
        using var set = new DatasetFolder();
        List<DatasetFinding> findings = [.. Enumerable.Range(0, 5000).Select(i => Finding("PhotoDuplicate", "a" + i, HtmlDocument.Hostile[i % HtmlDocument.Hostile.Length], other: i % 2 == 0 ? "/b" : null))];
        var report = new DatasetReport { DataPath = set.Path, Findings = new FindingList(findings), Status = DatasetStatus.Pass };
        DatasetReportFile.Write(report, new DatasetStatistics(), set["report.JSON"], null, TestContext.Current.CancellationToken);

        using var json = JsonDocument.Parse(File.ReadAllBytes(set["report.JSON"]));
        var read = json.RootElement.GetProperty("findings").EnumerateArray().ToList();
        Assert.Equal(["check", "severity", "name", "path", "other_path", "message"], read[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(5000, read.Count);
        foreach (var (finding, element) in findings.Zip(read))
        {
            Assert.Equal((finding.Check, "warning", finding.Name, finding.OtherPath), (element.GetProperty("check").GetString(), element.GetProperty("severity").GetString(), element.GetProperty("name").GetString(), element.GetProperty("other_path").GetString()));
            Assert.Equal(WithoutHalves(finding.Message), element.GetProperty("message").GetString());
        }
    }

    [Theory]
    [InlineData("report.json", true)]
    [InlineData("report.HTML", true)]
    [InlineData("folder.d/report.htm", true)]
    [InlineData("report.txt", false)]
    [InlineData("report", false)]
    [InlineData("report.json.bak", false)]
    public void Knows_a_report_by_its_name(string name, bool isOne) => Assert.Equal(isOne, DatasetReportFile.IsReportName(name));

    [Fact]
    public void Leaves_the_older_report_when_it_is_stopped()
    {
        using var set = new DatasetFolder();
        set.Pair("a", 0).Pair("b", 0);
        Inspect(set, out var report, out var statistics);
        foreach (string name in new[] { "report.json", "report.html" })
        {
            File.WriteAllText(set[name], "an older report");
            Assert.ThrowsAny<OperationCanceledException>(() => DatasetReportFile.Write(report, statistics, set[name], null, new CancellationToken(true)));
            Assert.Equal("an older report", File.ReadAllText(set[name]));
        }

        Assert.Equal(["report.html", "report.json"], Directory.GetFiles(set.Path).Select(Path.GetFileName).Order());
    }

    internal static void Inspect(DatasetFolder set, out DatasetReport report, out DatasetStatistics statistics)
    {
        var inspector = new DatasetInspector();
        inspector.Inspect(set.Path, null, CancellationToken.None);
        (report, statistics) = (inspector.Report(), inspector.Statistics);
    }

    internal static DatasetFinding Finding(string check, string name, string message, string path = "/a", string? other = null, FindingSeverity severity = FindingSeverity.Warning) =>
        new() { Check = check, Severity = severity, Name = name, Path = path, OtherPath = other, Message = message };

    private static string WithoutHalves(string text) => string.Concat(text.EnumerateRunes());
}
