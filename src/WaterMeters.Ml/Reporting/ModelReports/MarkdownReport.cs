using System.Text;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>
/// Renders a report as Markdown, for a pull request or the summary of a build step. It starts with the table of the legacy pipeline. Text
/// from files is encoded, and lists are bounded, so that the report stays far below the limit of GitHub, 1 MB.
/// </summary>
public static class MarkdownReport
{
    private const int MostPhotos = 10;

    /// <summary>Returns the report; every line ends with a line feed.</summary>
    public static string Render(ReportContents contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        var text = new StringBuilder();
        if (contents.Comparison is { } comparison) Write(text, comparison, contents);
        if (contents.Trainings.Count > 0)
        {
            Heading(text, contents.Trainings.Count == 1 ? "Training" : $"{ReportNumbers.Count(contents.Trainings.Count)} trainings");
            Table(text, TrainingTables.Scores(contents.Trainings));
            Table(text, TrainingTables.Recipes(contents.Trainings));
            text.Append(TrainingTables.RecipeNote).Append("\n\n");
            Table(text, TrainingTables.Folders(contents.Trainings));
        }

        text.Append("Written by WaterMeters ").Append(MarkdownText.Encode(ModuleVersion.Text));
        text.Append(" on ").Append(MarkdownText.Encode(HtmlText.Moment(contents.Written))).Append(".\n");
        return text.ToString();
    }

    private static void Write(StringBuilder text, ModelComparison c, ReportContents contents)
    {
        Table(text, ComparisonTables.Scores(c), withCaption: false);
        text.Append("**").Append(ComparisonTables.Banner(c)).Append(": ").Append(ComparisonTables.Verdict(c)).Append("** ");
        text.Append(MarkdownText.Encode(c.Reason, longest: 4000)).Append("\n\n");
        if (c.Flags.Length > 0) text.Append("Flags: ").AppendJoin(", ", c.Flags.Split(", ").Select(MarkdownText.Name)).Append("\n\n");
        Table(text, ComparisonTables.Evidence(c));
        if (ComparisonTables.Slices(c) is { } slices) Table(text, slices);
        text.Append(MarkdownText.Encode(ComparisonTables.Ledger(c), longest: 2000)).Append("\n\n");
        if (PhotoTables.Worsened(contents.Photos, MostPhotos) is { } worsened) Table(text, worsened);
        Table(text, ComparisonTables.Files(c));
    }

    private static void Heading(StringBuilder text, string title) => text.Append("### ").Append(title).Append("\n\n");

    private static void Table(StringBuilder text, ReportTable table, bool withCaption = true)
    {
        if (withCaption) text.Append(MarkdownText.Encode(table.Caption)).Append(":\n\n");
        text.Append('|').AppendJoin('|', table.Columns.Select(column => $" {MarkdownText.Encode(column.Title)} ")).Append("|\n");
        text.Append('|').AppendJoin('|', table.Columns.Select(column => column.IsNumber ? " ---: " : " --- ")).Append("|\n");
        foreach (var row in table.Rows) text.Append('|').AppendJoin('|', row.Select(cell => $" {Cell(cell)} ")).Append("|\n");
        text.Append('\n');
    }

    private static string Cell(ReportCell cell) => cell.IsName ? MarkdownText.Name(cell.Text) : MarkdownText.Encode(cell.Text);
}
