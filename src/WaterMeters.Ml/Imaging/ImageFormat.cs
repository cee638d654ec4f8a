namespace WaterMeters.Ml.Imaging;

/// <summary>What the content of a file is, whatever its name says.</summary>
public enum ImageFormat
{
    /// <summary>Neither JPEG nor PNG; no such file is read.</summary>
    Other,

    /// <summary>JPEG, baseline or progressive.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,
}
