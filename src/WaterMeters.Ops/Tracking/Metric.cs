namespace WaterMeters.Ops.Tracking;

/// <summary>One value of a metric.</summary>
/// <param name="Key">Name of the metric.</param>
/// <param name="Value">Value; may be NaN or infinite.</param>
/// <param name="Time">When it was measured; stored in milliseconds.</param>
/// <param name="Step">Epoch or step, 0 or more.</param>
public sealed record Metric(string Key, double Value, DateTimeOffset Time, long Step);
