namespace WaterMeters.Ml.Imaging;

/// <summary>Properties of a photo that are read from the start of its file, without decoding it.</summary>
/// <param name="StoredWidth">Width of the stored pixels.</param>
/// <param name="StoredHeight">Height of the stored pixels.</param>
/// <param name="Orientation">EXIF orientation, 1 to 8; 1 when it is missing or invalid.</param>
/// <param name="Format">JPEG, PNG or WebP.</param>
public readonly record struct PhotoHeader(int StoredWidth, int StoredHeight, int Orientation, ImageFormat Format)
{
    /// <summary>Width in pixels, after EXIF orientation.</summary>
    public int Width => SwapsSides ? StoredHeight : StoredWidth;

    /// <summary>Height in pixels, after EXIF orientation.</summary>
    public int Height => SwapsSides ? StoredWidth : StoredHeight;

    /// <summary>Number of pixels.</summary>
    public long Pixels => (long)StoredWidth * StoredHeight;

    /// <summary>
    /// Whether the pixels are stored in several passes over the image (progressive JPEG or one scan for each colour, interlaced PNG): the
    /// decoder then holds the whole image until the last pass.
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

    /// <summary>Whether the format changes values: JPEG, and WebP unless it is lossless.</summary>
    public bool IsLossy { get; init; }

    /// <summary>Whether a JPEG uses arithmetic coding, in which a few bytes can hold any number of flat pixels.</summary>
    internal bool IsArithmetic { get; init; }

    /// <summary>
    /// Whether the photo is decoded at half its size: a JPEG of more than <see cref="ImageReader.MaxWholePixels"/>. The network sees far
    /// fewer pixels than are left.
    /// </summary>
    public bool IsReduced => Format == ImageFormat.Jpeg && Pixels > ImageReader.MaxWholePixels;

    /// <summary>
    /// Upper bound of the memory for decoding the photo, result included, in bytes: four per decoded pixel; six more per stored pixel with
    /// several passes (three channels of 16-bit coefficients); four more when the image is decoded as a whole before it is rotated, and
    /// for WebP.
    /// </summary>
    public long DecodingBytes
    {
        get
        {
            long decoded = IsReduced ? (StoredWidth + 1L) / 2 * ((StoredHeight + 1L) / 2) : Pixels;
            int copies = (Orientation > 1 && Format != ImageFormat.Jpeg ? 2 : 1) + (Format == ImageFormat.Webp ? 1 : 0);
            return (4 * copies * decoded) + (IsMultiPass ? 6 * Pixels : 0);
        }
    }

    private bool SwapsSides => Orientation >= 5;

    /// <summary>Reads the header of the photo at <paramref name="path"/>.</summary>
    /// <exception cref="PhotoException">The file cannot be read, or is not a JPEG, PNG or WebP image.</exception>
    public static PhotoHeader Read(string path) => ImageReader.ReadHeader(path);

    /// <summary>Detects the format from the first bytes of a file.</summary>
    public static ImageFormat Sniff(ReadOnlySpan<byte> start) =>
        JpegContainer.Matches(start) ? ImageFormat.Jpeg :
        PngContainer.Matches(start) ? ImageFormat.Png :
        WebpContainer.Matches(start) ? ImageFormat.Webp : ImageFormat.Other;
}
