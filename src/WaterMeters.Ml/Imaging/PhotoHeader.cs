namespace WaterMeters.Ml.Imaging;

/// <summary>Properties of a photo that are read from the start of its file, without decoding it.</summary>
/// <param name="StoredWidth">Width of the stored pixels.</param>
/// <param name="StoredHeight">Height of the stored pixels.</param>
/// <param name="Orientation">EXIF orientation, 1 to 8; 1 when it is missing or invalid.</param>
/// <param name="Format">JPEG or PNG.</param>
public readonly record struct PhotoHeader(int StoredWidth, int StoredHeight, int Orientation, ImageFormat Format)
{
    /// <summary>Width in pixels, after EXIF orientation.</summary>
    public int Width => SwapsSides ? StoredHeight : StoredWidth;

    /// <summary>Height in pixels, after EXIF orientation.</summary>
    public int Height => SwapsSides ? StoredWidth : StoredHeight;

    /// <summary>Number of pixels.</summary>
    public long Pixels => (long)StoredWidth * StoredHeight;

    /// <summary>
    /// Whether the pixels are stored in several passes over the image (progressive JPEG, interlaced PNG): the decoder then holds the
    /// whole image until the last pass.
    /// </summary>
    public bool IsMultiPass { get; init; }

    /// <summary>Bits per stored value: 8, or 1 to 16 in a PNG; with a palette, bits per index.</summary>
    public int BitDepth { get; init; }

    /// <summary>Whether the pixels are stored in colour, not grey.</summary>
    public bool IsColour { get; init; }

    /// <summary>Whether the pixels are stored as palette indices.</summary>
    public bool IsPalette { get; init; }

    /// <summary>Whether pixels may be transparent: by an alpha channel or transparent colours.</summary>
    public bool HasAlpha { get; init; }

    /// <summary>
    /// Upper bound of the memory for decoding the photo, result included, in bytes: four per pixel; six more with several passes (three
    /// channels of 16-bit coefficients); four more when the image is decoded as a whole before it is rotated.
    /// </summary>
    public long DecodingBytes => Pixels * (4 + (IsMultiPass ? 6 : 0) + (Orientation > 1 && Format != ImageFormat.Jpeg ? 4 : 0));

    private bool SwapsSides => Orientation >= 5;

    /// <summary>Reads the header of the photo at <paramref name="path"/>.</summary>
    /// <exception cref="PhotoException">The file cannot be read, or is not a JPEG or PNG image.</exception>
    public static PhotoHeader Read(string path) => ImageReader.ReadHeader(path);

    /// <summary>Detects the format from the first bytes of a file.</summary>
    public static ImageFormat Sniff(ReadOnlySpan<byte> start) =>
        JpegContainer.Matches(start) ? ImageFormat.Jpeg :
        PngContainer.Matches(start) ? ImageFormat.Png : ImageFormat.Other;
}
