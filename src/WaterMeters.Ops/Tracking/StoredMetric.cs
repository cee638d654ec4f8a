namespace WaterMeters.Ops.Tracking;

/// <summary>Values of metrics as MLflow stores them: infinity is the largest finite number. NaN is stored elsewhere.</summary>
internal static class StoredMetric
{
    /// <summary>Returns what to store.</summary>
    public static double Of(double value) => double.IsInfinity(value) ? Math.CopySign(double.MaxValue, value) : value;

    /// <summary>Returns the value that was stored.</summary>
    public static double From(double stored) =>
        Math.Abs(stored) == double.MaxValue ? Math.CopySign(double.PositiveInfinity, stored) : stored;
}
