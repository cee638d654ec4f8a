using System.Text.Json;
using System.Xml.Linq;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.Ml.Tests.Reporting.Markup;
using static WaterMeters.Ml.Tests.Reporting.DatasetReports.DatasetReportFileTests;

namespace WaterMeters.Ml.Tests.Reporting.DatasetReports;

/// <summary>The formats that CI systems read: SARIF, JUnit and Markdown.</summary>
public sealed class DatasetReportForCiTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly DatasetReport report;

    public DatasetReportForCiTests()
    {
        Directory.CreateDirectory(folder["repo", ".git"]);
        string data = folder["repo", "data", "meters"];
        DatasetFinding[] findings =
        [
            Finding("MaskEmpty", "a b", "The mask is empty.", Path.Combine(data, "masks", "a b#1.png"), severity: FindingSeverity.Error),
            Finding("PhotoDuplicate", "c", "The same photo.", Path.Combine(data, "images", "c.jpg"), Path.Combine(data, "images", "d.jpg")),
            Finding("NewCheck", "e", "From a later version.", folder["elsewhere.png"]),
        ];
        report = new DatasetReport
        {
            DataPath = data, Findings = new FindingList(findings), Status = DatasetStatus.Fail, ImageCount = 9,
            ErrorCount = 1, WarningCount = 2,
        };
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("report.sarif")]
    [InlineData("report.SARIF.json")]
    public void Writes_SARIF_with_a_rule_for_each_check_and_paths_in_the_repository(string name)
    {
        using var json = JsonDocument.Parse(Written(name));
        Assert.Equal("2.1.0", json.RootElement.GetProperty("version").GetString());
        var run = json.RootElement.GetProperty("runs")[0];
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal([.. Enum.GetNames<DatasetCheck>(), "NewCheck"], rules.Select(rule => rule.GetProperty("id").GetString()));
        foreach (var check in Enum.GetValues<DatasetCheck>())
        {
            Assert.Equal(CheckDescriptions.Remedy(check), rules[(int)check].GetProperty("help").GetProperty("text").GetString());
            string level = CheckSettings.Default.Severity(check) == FindingSeverity.Error ? "error" : "warning";
            Assert.Equal(level, rules[(int)check].GetProperty("defaultConfiguration").GetProperty("level").GetString());
        }

        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["error", "warning", "warning"], results.Select(result => result.GetProperty("level").GetString()));
        Assert.All(results, result => Assert.Equal(
            result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString()));
        var places = results.Select(result => Artifact(result.GetProperty("locations")[0])).ToList();
        Assert.Equal("data/meters/masks/a%20b%231.png", places[0].GetProperty("uri").GetString());
        Assert.Equal("%SRCROOT%", places[0].GetProperty("uriBaseId").GetString());
        Assert.Equal("data/meters/images/d.jpg", Artifact(results[1].GetProperty("relatedLocations")[0]).GetProperty("uri").GetString());
        Assert.Equal(new Uri(folder["elsewhere.png"]).AbsoluteUri, places[2].GetProperty("uri").GetString());
        Assert.False(places[2].TryGetProperty("uriBaseId", out _));
        string root = run.GetProperty("originalUriBaseIds").GetProperty("%SRCROOT%").GetProperty("uri").GetString()!;
        var absolute = new Uri(new Uri(root), places[0].GetProperty("uri").GetString());
        Assert.Equal(folder["repo", "data", "meters", "masks", "a b#1.png"], absolute.LocalPath);
        Assert.Equal(3, results.Select(Fingerprint).Distinct().Count());

        static JsonElement Artifact(JsonElement location) => location.GetProperty("physicalLocation").GetProperty("artifactLocation");
        static string? Fingerprint(JsonElement result) =>
            result.GetProperty("partialFingerprints").GetProperty("primaryLocationLineHash").GetString();
    }

    [Fact]
    public void Writes_JUnit_where_errors_fail_warnings_are_skipped_and_the_rest_passes()
    {
        var suites = XDocument.Parse(Written("report.xml")).Root!;
        var cases = suites.Descendants("testcase").ToList();
        Assert.Equal(
            [cases.Count, 1, 2, 0], new[] { "tests", "failures", "skipped", "errors" }.Select(name => (int)suites.Attribute(name)!));
        Assert.Equal(cases.Count, suites.Elements("testsuite").Sum(suite => (int)suite.Attribute("tests")!));
        Assert.Equal(Enum.GetNames<DatasetCheck>().Length, suites.Elements("testsuite").Count()); // with NewCheck, without MaskSuspect
        var failed = cases.Single(c => c.Element("failure") is not null);
        Assert.Equal(
            ("data/meters/masks/a b#1.png", "WaterMeters.MaskEmpty", "The mask is empty."),
            (Text(failed, "name"), Text(failed, "classname"), Text(failed.Element("failure")!, "message")));
        Assert.Contains(CheckDescriptions.Remedy(DatasetCheck.MaskEmpty), failed.Value, StringComparison.Ordinal);
        Assert.All(cases.Where(c => !c.HasElements), c => Assert.Equal("no findings", Text(c, "name")));

        static string? Text(XElement element, string attribute) => (string?)element.Attribute(attribute);
    }

    [Fact]
    public void Writes_Markdown_with_the_rarest_errors_first()
    {
        string[] lines = Written("report.md").Split('\n');
        Assert.Equal("### Data set check: Fail", lines[0]);
        Assert.Contains("| 9 | 0 | 0 | 1 | 2 |", lines);
        Assert.Contains(lines, line => line.Contains("data/meters/images/c.jpg", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_files_relative_to_the_workspace_else_to_the_repository_else_to_the_data_set()
    {
        string photo = Path.Combine(report.DataPath, "images", "c.jpg");
        Assert.Equal("data/meters/images/c.jpg", ReportRoot.Find(report).Relative(photo));
        Assert.Equal("repo/data/meters/images/c.jpg", ReportRoot.Find(report, folder.Path + Path.DirectorySeparatorChar).Relative(photo));
        Assert.Equal("data/meters/images/c.jpg", ReportRoot.Find(report, folder["another"]).Relative(photo));
        Assert.Equal(".", ReportRoot.Find(report, report.DataPath).Relative(report.DataPath));
        Assert.Null(ReportRoot.Find(report).Relative(folder["repo-2"]));
        Assert.Null(ReportRoot.Find(report).Relative(""));
    }

    [Fact]
    public void Holds_any_text()
    {
        var hostile = report with
        {
            Findings = new FindingList([.. HtmlDocument.Hostile.Select(text => Finding(
                "MaskEmpty", text, text, Path.Combine(report.DataPath, text.Replace('\0', 'x')), severity: FindingSeverity.Error))]),
        };
        using var json = JsonDocument.Parse(Written("h.sarif", hostile));
        foreach (var result in json.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray())
        {
            string uri = result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation")
                .GetProperty("uri").GetString()!;
            Assert.Matches("^[A-Za-z0-9._~%/-]*$", uri);
        }

        Assert.Equal(HtmlDocument.Hostile.Length, XDocument.Parse(Written("h.xml", hostile)).Descendants("failure").Count());
    }

    [Fact]
    public void Reads_the_JSON_report_back()
    {
        using var set = new Datasets.DatasetFolder();
        set.Pair("a", 120).Pair("empty", 0).Pair("c", 240);
        Inspect(set, out var checkedReport, out var statistics);
        var dataset = CheckedDataset.Now(checkedReport, statistics);
        DatasetReportFile.Write(dataset, set["r.json"], cancellation: TestContext.Current.CancellationToken);
        var read = CheckedDataset.Read(set["r.json"]);
        Assert.Equal(
            (checkedReport.DataPath, checkedReport.Status, checkedReport.ImageCount, checkedReport.ErrorCount, checkedReport.Resolution),
            (read.Report.DataPath, read.Report.Status, read.Report.ImageCount, read.Report.ErrorCount, read.Report.Resolution));
        Assert.Equal(checkedReport.Findings, read.Report.Findings);
        Assert.Equal(
            dataset.Histograms!.Select(h => (h.Title, h.Bars.Sum(bar => bar.Count))),
            read.Histograms!.Select(h => (h.Title, h.Bars.Sum(bar => bar.Count))));
        DatasetReportFile.Write(read, set["r.html"], cancellation: TestContext.Current.CancellationToken);
        Assert.Single(XDocument.Load(set["r.html"]).All("article"));

        const string legacy = """{"status":"PASS","image_count":3,"errors":[]}""";
        foreach (string other in new[] { "[]", "{}", "no json", """{"findings":[{}]}""", legacy })
        {
            File.WriteAllText(set["other.json"], other);
            Assert.Contains("-ReportPath", Assert.Throws<DatasetException>(() => CheckedDataset.Read(set["other.json"])).Message);
        }
    }

    private string Written(string name, DatasetReport? other = null)
    {
        var dataset = CheckedDataset.FromRecord(other ?? report);
        DatasetReportFile.Write(dataset, folder[name], cancellation: TestContext.Current.CancellationToken);
        return File.ReadAllText(folder[name]);
    }
}
