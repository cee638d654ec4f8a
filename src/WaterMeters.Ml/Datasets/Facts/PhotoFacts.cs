using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>What one look at a photo shows; all that the checks need of it, in some 1.5 kB.</summary>
internal sealed record PhotoFacts
{
    /// <summary>SHA-256 of the file.</summary>
    public required string Hash { get; init; }

    /// <summary>Size, orientation and kind of the pixels.</summary>
    public required PhotoHeader Header { get; init; }

    /// <summary>The luma that one pixel in twenty stays below, 0 to 255.</summary>
    public required byte DarkEnd { get; init; }

    /// <summary>The luma that one pixel in twenty exceeds, 0 to 255.</summary>
    public required byte BrightEnd { get; init; }

    /// <summary>Entropy of the luma in bits, 0 to 8.</summary>
    public required double Entropy { get; init; }

    /// <summary>How little is lost when the photo is blurred once more, 0 (sharp) to 1, see <see cref="BlurEffect"/>.</summary>
    public required double Blur { get; init; }

    /// <summary>A <see cref="Facts.Thumbnail"/> of its luma.</summary>
    public required byte[] Thumbnail { get; init; }
}
