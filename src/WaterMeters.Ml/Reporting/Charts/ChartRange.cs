namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>A stretch of the horizontal axis, such as an interval of confidence.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="Middle">The value it is around.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Label">What it is.</param>
internal sealed record ChartRange(double From, double Middle, double To, string Label);
