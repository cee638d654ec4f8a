using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Charts;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>The report of a data set check as an HTML page: summary, distributions, and findings by check with images.</summary>
/// <param name="dataset">The check.</param>
/// <param name="written">Time of writing.</param>
/// <param name="progress">Called with the number of findings whose images are done and the total.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class DatasetReportPage(
    CheckedDataset dataset,
    DateTimeOffset written,
    Action<int, int>? progress,
    CancellationToken cancellation)
{
    private readonly DatasetReport report = dataset.Report;
    private readonly IReadOnlyList<FindingGroup> groups = FindingGroup.FromReport(dataset.Report);

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
            html.Element(
                "p", "Errors come first, then the rarest findings. The green line is the edge of the mask.", ("class", "quiet lead"));
            string? folder = report.DataPath.Contains(Path.PathSeparator, StringComparison.Ordinal) ? null : report.DataPath;
            new FindingGallery(groups, report.ImageCount, folder, progress, cancellation).Write(html);
        }

        html.Element("footer", $"Written by WaterMeters {ModuleVersion.Text} (Test-WmsDataset) on {HtmlText.Moment(written)}. "
            + "The help topic about_WaterMeters_Datasets explains each check.");
    });

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
            ("Median coverage", Coverage(report.MedianCoverage)),
            ("Coverage, std. deviation", Coverage(report.StdCoverage)),
            ("Checked", dataset.Made is { } made ? HtmlText.Moment(made) : "unknown"),
            ("Duration", report.Duration.ToString(@"hh\:mm\:ss\.f", CultureInfo.InvariantCulture)),
            ("WaterMeters", ModuleVersion.Text),
        ]);
    }

    private static string Coverage(double? fraction) => fraction is { } known ? HtmlText.Percent(known, 2) : "none";

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
        if (dataset.Histograms is not { } histograms)
        {
            html.Element("p", "The distributions are not part of this record. Check the data set again for a page with them.");
            return;
        }

        if (histograms.All(measure => measure.Bars.Count == 0))
        {
            html.Element("p", "No photo or mask could be measured.");
            return;
        }

        html.Open("div", ("class", "charts"));
        foreach (var measure in histograms)
        {
            var mark = measure.Limit is { } limit ? new ChartMark(limit, "limit") : null;
            var text = new ChartText(measure.Title, measure.Unit, measure.Items, measure.Description);
            Histogram.Write(html, text, measure.Bars, mark);
        }

        html.CloseLine();
        html.Element(
            "p", "Each bar counts the photos or masks in a range. A dashed bar combines the few values far from the others.",
            ("class", "quiet"));
    }
}
