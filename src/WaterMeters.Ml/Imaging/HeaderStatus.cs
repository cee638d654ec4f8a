namespace WaterMeters.Ml.Imaging;

/// <summary>Result of parsing an image header from the bytes read so far.</summary>
internal enum HeaderStatus
{
    /// <summary>The header is complete.</summary>
    Found,

    /// <summary>The bytes end inside the header.</summary>
    NeedsMore,

    /// <summary>The file is damaged; more bytes would not help.</summary>
    Damaged,

    /// <summary>The file contains an animation, not one image.</summary>
    Animated,
}
