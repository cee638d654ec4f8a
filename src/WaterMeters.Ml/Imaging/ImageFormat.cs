namespace WaterMeters.Ml.Imaging;

/// <summary>Image format detected from the content of a file, not from its name.</summary>
public enum ImageFormat
{
    /// <summary>Neither JPEG nor PNG; not supported.</summary>
    Other,

    /// <summary>JPEG, baseline or progressive.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,
}
