namespace WaterMeters.Ml.Imaging;

/// <summary>What an image file is read for; it decides how large it may be.</summary>
internal enum ImageUse
{
    /// <summary>Only its header is read.</summary>
    Header,

    /// <summary>All pixels, in four channels.</summary>
    Photo,

    /// <summary>The input of a network, or a thumbnail: a very large JPEG is decoded at half its size.</summary>
    Network,

    /// <summary>All pixels, in one channel.</summary>
    Mask,
}
