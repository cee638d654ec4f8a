namespace WaterMeters.Ml.Runtime;

/// <summary>Sizes as people read them.</summary>
public static class Megabytes
{
    /// <summary>Bytes in megabytes of 1,048,576 bytes, as PowerShell's <c>1MB</c>, rounded to tenths.</summary>
    public static double Of(long bytes) => Math.Round(bytes / 1048576.0, 1);
}
