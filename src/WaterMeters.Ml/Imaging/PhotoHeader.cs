namespace WaterMeters.Ml.Imaging;

/// <summary>What the first bytes of a photo say of it; nothing is decoded for it.</summary>
/// <param name="StoredWidth">The width of the stored pixels.</param>
/// <param name="StoredHeight">The height of the stored pixels.</param>
/// <param name="Orientation">The EXIF orientation, 1 to 8; 1 when there is none or a wrong one.</param>
/// <param name="Format">JPEG or PNG.</param>
public readonly record struct PhotoHeader(int StoredWidth, int StoredHeight, int Orientation, ImageFormat Format)
{
    /// <summary>The width as a viewer shows it, after the orientation.</summary>
    public int Width => SwapsSides ? StoredHeight : StoredWidth;

    /// <summary>The height as a viewer shows it, after the orientation.</summary>
    public int Height => SwapsSides ? StoredWidth : StoredHeight;

    /// <summary>The number of pixels.</summary>
    public long Pixels => (long)StoredWidth * StoredHeight;

    /// <summary>Whether the pixels are stored in several passes over the image (progressive JPEG, interlaced PNG): a decoder holds all of them until the last.</summary>
    public bool InPasses { get; init; }

    /// <summary>Bits of a stored value: 8, or 1 to 16 in a PNG. A palette's are those of its index.</summary>
    public int BitDepth { get; init; }

    /// <summary>Whether the pixels are stored as colours: anything but grey.</summary>
    public bool IsColour { get; init; }

    /// <summary>Whether the pixels are stored as indices of a palette.</summary>
    public bool IsPalette { get; init; }

    /// <summary>Whether pixels may be transparent: an alpha channel, or transparent colours.</summary>
    public bool HasAlpha { get; init; }

    /// <summary>
    /// Bytes that the decoded photo takes and decoding it in between, at most: four a pixel; six more for passes (three channels of 16-bit
    /// coefficients); four more where the image is decoded whole before it is turned upright.
    /// </summary>
    public long DecodingBytes => Pixels * (4 + (InPasses ? 6 : 0) + (Orientation > 1 && Format != ImageFormat.Jpeg ? 4 : 0));

    private bool SwapsSides => Orientation >= 5;

    /// <summary>Reads the header of the photo at <paramref name="path"/>.</summary>
    /// <exception cref="PhotoException">The file cannot be read, or is not a JPEG or PNG image.</exception>
    public static PhotoHeader Read(string path) => ImageReader.ReadHeader(path);

    /// <summary>The format that the first bytes of a file show.</summary>
    public static ImageFormat Sniff(ReadOnlySpan<byte> start) =>
        JpegContainer.Matches(start) ? ImageFormat.Jpeg :
        PngContainer.Matches(start) ? ImageFormat.Png : ImageFormat.Other;
}
