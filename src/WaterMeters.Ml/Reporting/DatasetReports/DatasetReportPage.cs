using System.Globalization;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Charts;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>The report of a data set check as an HTML page: summary, distributions, and findings by check with images.</summary>
/// <param name="report">The report.</param>
/// <param name="statistics">Distributions of the photos and masks.</param>
/// <param name="written">Time of writing.</param>
/// <param name="progress">Called with the number of findings whose images are done and the total.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class DatasetReportPage(
    DatasetReport report,
    DatasetStatistics statistics,
    DateTimeOffset written,
    Action<int, int>? progress,
    CancellationToken cancellation)
{
    private readonly IReadOnlyList<FindingGroup> groups = FindingGroup.FromReport(report);

    /// <summary>Writes the page.</summary>
    public void Write(Stream stream) => HtmlPage.Write(stream, $"Data set check: {report.Status}, {report.DataPath}", html =>
    {
        Head(html);
        Summary(html);
        html.Element("h2", "Photos and masks");
        Charts(html);
        if (groups.Count > 0)
        {
            html.Element("h2", "Findings by check");
            html.Element("p", "Errors come first. The green line is the edge of the mask.", ("class", "quiet lead"));
            string? folder = report.DataPath.Contains(Path.PathSeparator, StringComparison.Ordinal) ? null : report.DataPath;
            new FindingGallery(groups, folder, progress, cancellation).Write(html);
        }

        html.Element("footer", $"Written by WaterMeters {ModuleVersion.Text} (Test-WmsDataset) on {Time()}. "
            + "The help topic about_WaterMeters_Datasets explains each check.");
    });

    private string Time() => written.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private void Head(HtmlWriter html)
    {
        bool passed = report.Status == DatasetStatus.Pass;
        html.Open("h1").Text("Data set check: ");
        html.Element("span", $"{report.Status}", ("class", passed ? "badge good" : "badge bad")).CloseLine();
        html.Element("p", report.DataPath, ("class", "file"));
        HtmlTable.Facts(html,
        [
            ("Photos", HtmlText.Number(report.ImageCount)),
            ("Masks", HtmlText.Number(report.MaskCount)),
            ("Valid pairs", HtmlText.Number(report.ValidPairs)),
            ("Errors", HtmlText.Number(report.ErrorCount)),
            ("Warnings", HtmlText.Number(report.WarningCount)),
            ("Most common size", report.Resolution ?? "none"),
            ("Median coverage", HtmlText.Percent(report.MedianCoverage, 2)),
            ("Coverage, std. deviation", HtmlText.Percent(report.StdCoverage, 2)),
            ("Checked", Time()),
            ("Duration", report.Duration.ToString(@"hh\:mm\:ss\.f", CultureInfo.InvariantCulture)),
            ("WaterMeters", ModuleVersion.Text),
        ]);
    }

    private void Summary(HtmlWriter html)
    {
        if (groups.Count == 0)
        {
            html.Element("p", "No problems were found.");
            return;
        }

        HtmlColumn[] columns = [new("Check"), new("Severity"), new("Count", IsNumber: true), new("Meaning")];
        HtmlTable.Write(html, "Findings", columns, groups.Select(group => new[] { group, group, group, group }), (page, column, group) =>
        {
            if (column == 0) page.Element("a", $"{group.Check}", ("href", "#" + FindingGallery.Id(group)));
            else if (column == 1) page.Element("span", $"{group.Severity}", ("class", FindingGallery.Badge(group.Severity)));
            else page.Text(column == 2 ? HtmlText.Number(group.Findings.Count) : group.Meaning);
        }, stacks: true);
    }

    private void Charts(HtmlWriter html)
    {
        if (statistics.Measures.All(measure => measure.Counts.Count == 0))
        {
            html.Element("p", "No photo or mask could be measured.");
            return;
        }

        html.Open("div", ("class", "charts"));
        foreach (var measure in statistics.Measures)
        {
            var counts = measure.Counts;
            string description = counts.Count == 0
                ? $"No {measure.Items} were measured."
                : $"{HtmlText.Number(counts.Count)} {measure.Items}, from {HtmlText.Number(counts.Least, 2)} to "
                    + $"{HtmlText.Number(counts.Most, 2)}; the median is {HtmlText.Number(counts.Median, 2)}.";
            var mark = measure.Limit is { } limit ? new ChartMark(limit, "limit") : null;
            Histogram.Write(html, new ChartText(measure.Title, measure.Unit, measure.Items, description), counts, mark);
        }

        html.CloseLine();
        html.Element(
            "p", "Each bar counts the photos or masks in a range. A dashed bar combines the few values far from the others.",
            ("class", "quiet"));
    }
}
