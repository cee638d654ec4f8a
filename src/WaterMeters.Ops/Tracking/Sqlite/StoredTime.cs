namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>Times as MLflow stores them: milliseconds since 1970, UTC.</summary>
internal static class StoredTime
{
    /// <summary>Milliseconds now.</summary>
    public static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Returns the time of a stored number; numbers out of range become the nearest time.</summary>
    public static DateTimeOffset From(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
