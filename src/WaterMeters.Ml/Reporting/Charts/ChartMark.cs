namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>A value that a chart marks, such as the limit of a check.</summary>
/// <param name="Value">Where on the horizontal axis.</param>
/// <param name="Label">What it is.</param>
internal sealed record ChartMark(double Value, string Label);
