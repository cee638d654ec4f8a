namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>Points of a chart that belong together.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Points">Its points; a line joins them in this order.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points);

/// <summary>A point of a chart. A point that is not finite leaves a gap in its line.</summary>
/// <param name="X">Value on the horizontal axis.</param>
/// <param name="Y">Value on the vertical axis.</param>
/// <param name="Label">Tooltip, or null.</param>
internal readonly record struct ChartPoint(double X, double Y, string? Label = null)
{
    /// <summary>Whether it can be drawn.</summary>
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);
}
