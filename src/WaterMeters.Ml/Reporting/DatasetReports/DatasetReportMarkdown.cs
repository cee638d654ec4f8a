using System.Globalization;
using System.Text;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>
/// Renders the report of a data set check as Markdown, for a pull request or the summary of a build step: the counts, the checks with
/// findings, and the first findings of each. It stays far below the limit of GitHub, 1 MB.
/// </summary>
public static class DatasetReportMarkdown
{
    private const int MostNamed = 10;

    /// <summary>Returns the report; every line ends with a line feed.</summary>
    /// <param name="report">The report.</param>
    /// <param name="root">Files are named relative to it.</param>
    public static string Render(DatasetReport report, ReportRoot root)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(root);
        var groups = FindingGroup.FromReport(report);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### Data set check: {report.Status}\n\n{MarkdownText.Name(report.DataPath)}\n\n");
        text.Append("| Photos | Masks | Valid pairs | Errors | Warnings |\n| ---: | ---: | ---: | ---: | ---: |\n");
        int[] counts = [report.ImageCount, report.MaskCount, report.ValidPairs, report.ErrorCount, report.WarningCount];
        text.Append("| ").AppendJoin(" | ", counts.Select(count => HtmlText.Number(count))).Append(" |\n\n");
        if (groups.Count > 0)
        {
            text.Append("| Check | Severity | Count | Meaning |\n| --- | --- | ---: | --- |\n");
            foreach (var group in groups)
            {
                string count = HtmlText.Number(group.Findings.Count), meaning = MarkdownText.Encode(group.Meaning);
                text.Append(CultureInfo.InvariantCulture, $"| {MarkdownText.Name(group.Check)} | {group.Severity} | {count} ");
                text.Append("| ").Append(meaning).Append(" |\n");
            }

            text.Append('\n');
            foreach (var group in groups) Findings(text, group, root);
        }

        text.Append("Written by WaterMeters ").Append(MarkdownText.Encode(ModuleVersion.Text)).Append(" (Test-WmsDataset).\n");
        return text.ToString();
    }

    private static void Findings(StringBuilder text, FindingGroup group, ReportRoot root)
    {
        string range = group.Findings.Count > MostNamed ? $" ({MostNamed} of {HtmlText.Number(group.Findings.Count)})" : "";
        text.Append(CultureInfo.InvariantCulture, $"{MarkdownText.Name(group.Check)}{range}: {MarkdownText.Encode(group.Remedy)}\n\n");
        foreach (var finding in group.Findings.Take(MostNamed))
        {
            string place = finding.Path.Length == 0 ? "" : MarkdownText.Name(root.Relative(finding.Path) ?? finding.Path) + ": ";
            text.Append(CultureInfo.InvariantCulture, $"- {place}{MarkdownText.Encode(finding.Message)}\n");
        }

        text.Append('\n');
    }
}
