using System.Globalization;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Charts;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>A report of a check for people: what was found at a glance, how the photos are spread, and each kind of finding with images.</summary>
/// <param name="report">The report.</param>
/// <param name="statistics">How the photos and masks are spread.</param>
/// <param name="written">When the page is written.</param>
/// <param name="progress">Hears how many findings have their images, of how many.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class DatasetReportPage(DatasetReport report, DatasetStatistics statistics, DateTimeOffset written, Action<int, int>? progress, CancellationToken cancellation)
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
            html.Element("h2", "What was found").Element("p", "A green line is the edge of the mask. Errors come first.", ("class", "quiet lead"));
            new FindingGallery(groups, report.DataPath.Contains(Path.PathSeparator, StringComparison.Ordinal) ? null : report.DataPath, progress, cancellation).Write(html);
        }

        html.Element("footer", string.Create(CultureInfo.InvariantCulture, $"Written by WaterMeters {ModuleVersion.Text} (Test-WmsDataset) on {written.UtcDateTime:yyyy-MM-dd HH:mm} UTC. The help topic about_WaterMeters_Datasets tells of each check."));
    });

    private void Head(HtmlWriter html)
    {
        bool passed = report.Status == DatasetStatus.Pass;
        html.Open("h1").Text("Data set check: ").Element("span", $"{report.Status}", ("class", passed ? "badge good" : "badge bad")).CloseLine();
        html.Element("p", report.DataPath, ("class", "file"));
        HtmlTable.Facts(html,
        [
            ("Photos", HtmlText.Number(report.ImageCount)),
            ("Masks", HtmlText.Number(report.MaskCount)),
            ("Valid pairs", HtmlText.Number(report.ValidPairs)),
            ("Errors", HtmlText.Number(report.ErrorCount)),
            ("Warnings", HtmlText.Number(report.WarningCount)),
            ("Most frequent size", report.Resolution ?? "none"),
            ("Coverage, median", HtmlText.Percent(report.MedianCoverage, 2)),
            ("Coverage, deviation", HtmlText.Percent(report.StdCoverage, 2)),
            ("Checked", string.Create(CultureInfo.InvariantCulture, $"{written.UtcDateTime:yyyy-MM-dd HH:mm} UTC")),
            ("Duration", report.Duration.ToString(@"hh\:mm\:ss\.f", CultureInfo.InvariantCulture)),
            ("WaterMeters", ModuleVersion.Text),
        ]);
    }

    private void Summary(HtmlWriter html)
    {
        if (groups.Count == 0)
        {
            html.Element("p", "Nothing was found that would be in the way of a training.");
            return;
        }

        HtmlTable.Write(html, "Findings", [new("Check"), new("Weight"), new("Count", IsNumber: true), new("What it is")], groups.Select(group => new[] { group, group, group, group }), (page, column, group) =>
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
            html.Element("p", "No photo and no mask could be measured.");
            return;
        }

        html.Open("div", ("class", "charts"));
        foreach (var measure in statistics.Measures)
        {
            var counts = measure.Counts;
            string description = counts.Count == 0
                ? $"No {measure.Items} were measured."
                : $"{HtmlText.Number(counts.Count)} {measure.Items}, from {HtmlText.Number(counts.Least, 2)} to {HtmlText.Number(counts.Most, 2)}; the median is {HtmlText.Number(counts.Median, 2)}.";
            Histogram.Write(html, new ChartText(measure.Title, measure.Unit, measure.Items, description), counts, measure.Limit is { } limit ? new ChartMark(limit, "limit") : null);
        }

        html.CloseLine();
        html.Element("p", "Each bar counts the photos or masks of a range; a dashed one stands for the few that lie far beyond the others.", ("class", "quiet"));
    }
}
