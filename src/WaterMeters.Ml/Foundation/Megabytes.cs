namespace WaterMeters.Ml.Foundation;

/// <summary>Sizes as people read them.</summary>
public static class Megabytes
{
    /// <summary>Bytes in megabytes of 1,048,576 bytes, as PowerShell's <c>1MB</c>, rounded to tenths.</summary>
    public static double FromBytes(long bytes) => Math.Round(bytes / 1048576.0, 1);
}
