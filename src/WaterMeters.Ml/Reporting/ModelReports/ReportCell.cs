namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>A cell of a table in a report.</summary>
/// <param name="Text">What stands in it.</param>
/// <param name="IsName">Whether it is the name of a file or a digest, shown in the letters of a machine.</param>
internal readonly record struct ReportCell(string Text, bool IsName = false)
{
    /// <summary>A cell of words or numbers.</summary>
    public static implicit operator ReportCell(string text) => new(text);
}
