using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>A table of a report, the same in Markdown and HTML.</summary>
/// <param name="Caption">Caption of the table.</param>
/// <param name="Columns">Its columns; the first one names the row.</param>
/// <param name="Rows">One cell per column.</param>
internal sealed record ReportTable(string Caption, IReadOnlyList<HtmlColumn> Columns, IReadOnlyList<ReportCell[]> Rows);

/// <summary>A cell of a table.</summary>
/// <param name="Text">Its text.</param>
/// <param name="IsName">Whether it is a file name or a digest, shown in a monospace font.</param>
internal readonly record struct ReportCell(string Text, bool IsName = false)
{
    /// <summary>Creates a cell of words or numbers.</summary>
    public static implicit operator ReportCell(string text) => new(text);
}
