namespace WaterMeters.Ml.Imaging;

/// <summary>Image format detected from the content of a file, not from its name.</summary>
public enum ImageFormat
{
    /// <summary>None of the others; not supported.</summary>
    Other,

    /// <summary>JPEG, baseline or progressive.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,

    /// <summary>WebP, lossy or lossless, not animated.</summary>
    Webp,
}
