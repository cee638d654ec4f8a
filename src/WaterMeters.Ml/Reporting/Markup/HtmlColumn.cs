namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="IsNumber">Whether it holds numbers, which stand to the right.</param>
internal readonly record struct HtmlColumn(string Title, bool IsNumber = false);
