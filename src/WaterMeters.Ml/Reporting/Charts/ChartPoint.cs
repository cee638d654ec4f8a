namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>A point of a chart. One that is not finite leaves a gap in its line.</summary>
/// <param name="X">How far to the right.</param>
/// <param name="Y">How far up.</param>
/// <param name="Label">What a pointer held over it is told, or null.</param>
internal readonly record struct ChartPoint(double X, double Y, string? Label = null)
{
    /// <summary>Whether it can be drawn.</summary>
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);
}
