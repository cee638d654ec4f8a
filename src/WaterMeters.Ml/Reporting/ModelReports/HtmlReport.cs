using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Writes a report as a single HTML file.</summary>
internal static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="contents">Contents of the report.</param>
    /// <param name="gallery">The prepared photos.</param>
    /// <param name="stream">The target; it stays open.</param>
    public static void Write(ReportContents contents, ReportGallery gallery, Stream stream) =>
        HtmlPage.Write(stream, contents.Title, html => Write(html, contents, gallery));

    private static void Write(HtmlWriter html, ReportContents contents, ReportGallery gallery)
    {
        html.Element("h1", contents.Title);
        if (contents.Comparison is { } comparison) Comparison(html, comparison, contents, gallery);
        if (contents.Trainings.Count > 0)
        {
            html.Element("h2", contents.Trainings.Count == 1 ? "Training" : $"{ReportNumbers.Count(contents.Trainings.Count)} trainings");
            Table(html, TrainingTables.Scores(contents.Trainings));
            TrainingCharts.Write(html, contents.Trainings);
            Table(html, TrainingTables.Recipes(contents.Trainings));
            html.Element("p", TrainingTables.RecipeNote, ("class", "quiet"));
            Table(html, TrainingTables.Folders(contents.Trainings));
        }

        html.Element(
            "footer", $"Written by WaterMeters {ModuleVersion.Text} (Export-WmsReport) on {HtmlText.Moment(contents.Written)}.");
    }

    private static void Comparison(HtmlWriter html, ModelComparison c, ReportContents contents, ReportGallery gallery)
    {
        string kind = c.Passed ? "good" : c.Verdict == ComparisonVerdict.Inferior ? "bad" : "warn";
        html.Open("p", ("class", "lead")).Element("span", ComparisonTables.Banner(c), ("class", "badge " + kind));
        html.Text(" ").Element("strong", ComparisonTables.Verdict(c)).CloseLine();
        html.Element("p", c.Reason);
        if (c.Flags.Length > 0)
        {
            html.Open("p").Text("Flags: ");
            foreach (string flag in c.Flags.Split(", ")) html.Element("code", flag).Text(" ");
            html.CloseLine();
        }

        Table(html, ComparisonTables.Scores(c));
        Table(html, ComparisonTables.Evidence(c));
        if (ComparisonTables.Slices(c) is { } slices) Table(html, slices);
        html.Element("p", ComparisonTables.Ledger(c));
        ComparisonCharts.Write(html, c, contents.Photos);
        if (contents.Photos.Count == 0)
        {
            html.Element(
                "p", "No photos are shown because this report received no results per photo. "
                    + "Pipe the output of Compare-WmsModel -PerImage to Export-WmsReport too.",
                ("class", "missing"));
        }

        gallery.Write(html);
        html.Element("h2", "Files compared");
        Table(html, ComparisonTables.Files(c));
    }

    private static void Table(HtmlWriter html, ReportTable table) =>
        HtmlTable.Write(html, table.Caption, table.Columns, table.Rows, (page, _, cell) =>
        {
            if (cell.IsName) page.Element("span", cell.Text, ("class", "file"));
            else page.Text(cell.Text);
        });
}
