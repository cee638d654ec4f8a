using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>A table of a report, the same one in Markdown and on a page.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">Its columns; the first one names the row.</param>
/// <param name="Rows">A cell for every column.</param>
internal sealed record ReportTable(string Caption, IReadOnlyList<HtmlColumn> Columns, IReadOnlyList<ReportCell[]> Rows);
