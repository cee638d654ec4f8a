namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>What belongs together in a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points; those of a line in the order they are joined in.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points);
