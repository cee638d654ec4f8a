namespace WaterMeters.Ml.Foundation;

/// <summary>Sizes for messages.</summary>
public static class Megabytes
{
    /// <summary>Converts bytes to megabytes of 1,048,576 bytes (PowerShell's <c>1MB</c>), rounded to tenths.</summary>
    public static double FromBytes(long bytes) => Math.Round(bytes / 1048576.0, 1);
}
