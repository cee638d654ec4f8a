namespace WaterMeters.Ml.Imaging;

/// <summary>What is wrong with an image file, although it can be decoded.</summary>
[Flags]
public enum ImageFlaws
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Parts of the pixel data are destroyed or missing; the decoder replaces them by grey or by wrong pixels.</summary>
    DamagedPixels = 1,

    /// <summary>The file ends before its end marker, but all of its pixels are there.</summary>
    MissingEnd = 2,

    /// <summary>
    /// The file has 16 bits per value, and all values are below 16,384, as from a camera with 12 or 14 bits: the upper 8 bits, which are
    /// read, are nearly black.
    /// </summary>
    DarkSixteenBit = 4,
}

/// <summary>Says what flaws mean for a photo or a mask.</summary>
public static class ImageFlawText
{
    /// <summary>Returns one line with the file, its flaws and what to do; null without flaws.</summary>
    public static string? Describe(string path, ImageFlaws flaws)
    {
        if (flaws == ImageFlaws.None) return null;
        var sentences = new List<string>(3);
        if (flaws.HasFlag(ImageFlaws.DamagedPixels)) sentences.Add($"'{path}' is damaged: {DamagedPixels}");
        if (flaws.HasFlag(ImageFlaws.MissingEnd)) sentences.Add($"'{path}' has no end marker: {MissingEnd}");
        if (flaws.HasFlag(ImageFlaws.DarkSixteenBit)) sentences.Add($"'{path}' is nearly black: {DarkSixteenBit}");
        return string.Join(' ', sentences);
    }

    /// <summary>What <see cref="ImageFlaws.DamagedPixels"/> means.</summary>
    internal const string DamagedPixels =
        "parts of its pixel data are destroyed or missing, and are read as grey or wrong pixels. Copy it again from its source.";

    /// <summary>What <see cref="ImageFlaws.MissingEnd"/> means.</summary>
    internal const string MissingEnd =
        "its last bytes are missing, but all of its pixels are there. It can be used; copy it again from its source if you can.";

    /// <summary>What <see cref="ImageFlaws.DarkSixteenBit"/> means.</summary>
    internal const string DarkSixteenBit =
        "it has 16 bits per value, of which the upper 8 are read, but its values use only the lower bits. "
        + "Scale its values to the full range, and save it with 8 bits.";
}
