using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>The facts of a photo: all that the checks need, about 1.5 kB.</summary>
internal sealed record PhotoFacts
{
    /// <summary>SHA-256 of the file.</summary>
    public required string Hash { get; init; }

    /// <summary>Size, orientation and pixel format.</summary>
    public required PhotoHeader Header { get; init; }

    /// <summary>What is wrong with the file.</summary>
    public ImageFlaws Flaws { get; init; }

    /// <summary>The luma that 5 % of the pixels stay below, 0 to 255.</summary>
    public required byte DarkEnd { get; init; }

    /// <summary>The luma that 5 % of the pixels exceed, 0 to 255.</summary>
    public required byte BrightEnd { get; init; }

    /// <summary>Entropy of the luma in bits, 0 to 8.</summary>
    public required double Entropy { get; init; }

    /// <summary>Blur, 0 (sharp) to 1; see <see cref="BlurEffect"/>.</summary>
    public required double Blur { get; init; }

    /// <summary>A <see cref="Facts.Thumbnail"/> of its luma.</summary>
    public required byte[] Thumbnail { get; init; }
}
