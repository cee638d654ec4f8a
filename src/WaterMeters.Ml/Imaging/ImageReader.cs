namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Reads JPEG, PNG and WebP files. Pixels are returned as stored, without colour management or alpha multiplication, as OpenCV and Pillow
/// read them in the legacy pipeline; EXIF orientation is applied. Thread-safe.
/// </summary>
public static class ImageReader
{
    /// <summary>Largest image, in pixels: a JPEG photo that is decoded at half its size, or a grey mask of one byte per pixel.</summary>
    public const long MaxPixels = 256_000_000;

    /// <summary>Largest image that is decoded at its own size into four bytes per pixel, in pixels.</summary>
    public const long MaxWholePixels = 100_000_000;

    /// <summary>Longest side that is accepted, in pixels: the resize tables grow with each side, however short the other is.</summary>
    public const int MaxSide = 32_767;

    /// <summary>Most memory for decoding a photo of more than <see cref="MaxWholePixels"/>, bytes: that of the largest below.</summary>
    internal const long MaxDecodingBytes = MaxWholePixels * 10;

    /// <summary>
    /// Largest JPEG of several scans, in pixels: decoding takes six bytes for each, and four for each fourth; see
    /// <see cref="PhotoHeader.DecodingBytes"/>.
    /// </summary>
    internal const long MaxProgressivePixels = MaxDecodingBytes / 7;

    /// <summary>A photo of 16 bits whose values are all below this has at most 14 bits, and is nearly black when cut to 8.</summary>
    private const int DarkBelow = 1 << 14;

    /// <summary>Called with the whole file and its header before the pixels are decoded.</summary>
    internal delegate void FileObserver(ReadOnlySpan<byte> file, PhotoHeader header);

    /// <summary>Reads size, orientation and format from the start of a file.</summary>
    /// <exception cref="PhotoException">
    /// The file cannot be read, or is not a JPEG, PNG or WebP image of a permitted size (<see cref="MaxPixels"/>).
    /// </exception>
    public static PhotoHeader ReadHeader(string path)
    {
        using var stream = ImageFile.Open(path);
        return ReadHeader(stream, path);
    }

    /// <summary>Reads size, orientation and format from the start of a stream.</summary>
    /// <param name="stream">The stream; it is left open, at a position after the header.</param>
    /// <param name="name">The name that errors give the photo.</param>
    /// <exception cref="PhotoException">See <see cref="ReadHeader(string)"/>.</exception>
    public static PhotoHeader ReadHeader(Stream stream, string name) => ImageFile.ReadHeader(stream, name);

    /// <summary>Decodes a photo at its own size.</summary>
    /// <returns>
    /// [height, width, 4]: R, G, B and alpha, which is ignored everywhere, upright. Grey and palettes are expanded, 16 bits cut to 8.
    /// </returns>
    /// <exception cref="PhotoException">
    /// The file cannot be read, is truncated or damaged, or is not a JPEG, PNG or WebP image of at most <see cref="MaxWholePixels"/>.
    /// </exception>
    public static Raster ReadPhoto(string path)
    {
        using var stream = ImageFile.Open(path);
        return ReadPhoto(stream, path);
    }

    /// <summary>Decodes a photo at its own size and says what is wrong with its file.</summary>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    internal static Raster ReadPhoto(string path, out ImageFlaws flaws)
    {
        using var stream = ImageFile.Open(path);
        return ReadPhoto(stream, path, out flaws);
    }

    /// <summary>Decodes a photo from a stream at its own size and says what is wrong with its file.</summary>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    internal static Raster ReadPhoto(Stream stream, string name, out ImageFlaws flaws)
    {
        using var file = ImageFile.Read(stream, name, ImageUse.Photo, findsFlaws: true);
        flaws = file.Flaws;
        return ImageDecoder.Decode(file, ImageUse.Photo);
    }

    /// <summary>Decodes a photo from a stream, which is read to its end and left open.</summary>
    /// <param name="stream">The stream, from its present position.</param>
    /// <param name="name">The name that errors give the photo.</param>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    public static Raster ReadPhoto(Stream stream, string name)
    {
        using var file = ImageFile.Read(stream, name, ImageUse.Photo, findsFlaws: false);
        return ImageDecoder.Decode(file, ImageUse.Photo);
    }

    /// <summary>
    /// Decodes a photo for a network or a thumbnail: a JPEG of more than <see cref="MaxWholePixels"/> at half its size. What is written
    /// back to a file must not be read so.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="observer">Called with the file, so that it is read only once; null for none.</param>
    /// <param name="findsFlaws">Whether flaws are found, which takes a fifth of the time of decoding.</param>
    /// <exception cref="PhotoException">
    /// The file cannot be read, is truncated or damaged, or is not an image of a permitted size (<see cref="MaxPixels"/>).
    /// </exception>
    internal static DecodedPhoto DecodePhoto(string path, FileObserver? observer = null, bool findsFlaws = true)
    {
        using var stream = ImageFile.Open(path);
        using var file = ImageFile.Read(stream, path, ImageUse.Network, findsFlaws);
        observer?.Invoke(file.Bytes, file.Header);
        var flaws = findsFlaws ? FlawsOf(file) : ImageFlaws.None;
        return new DecodedPhoto(ImageDecoder.Decode(file, ImageUse.Network), file.Header, flaws);
    }

    /// <summary>Decodes a mask.</summary>
    /// <returns>
    /// [height, width, 1], upright: the grey value, or the luma (ITU-R BT.601) of a coloured pixel; R = G = B gives the value itself.
    /// </returns>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    public static Raster ReadMask(string path)
    {
        using var stream = ImageFile.Open(path);
        return ReadMask(stream, path);
    }

    /// <summary>Decodes a mask and says what is wrong with its file.</summary>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    internal static Raster ReadMask(string path, out ImageFlaws flaws)
    {
        using var stream = ImageFile.Open(path);
        return ReadMask(stream, path, out flaws);
    }

    /// <summary>Decodes a mask from a stream and says what is wrong with its file.</summary>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    internal static Raster ReadMask(Stream stream, string name, out ImageFlaws flaws)
    {
        using var file = ImageFile.Read(stream, name, ImageUse.Mask, findsFlaws: true);
        flaws = file.Flaws;
        return ImageDecoder.Decode(file, ImageUse.Mask);
    }

    /// <summary>Decodes a mask from a stream, which is read to its end and left open.</summary>
    /// <param name="stream">The stream, from its present position.</param>
    /// <param name="name">The name that errors give the mask.</param>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    public static Raster ReadMask(Stream stream, string name)
    {
        using var file = ImageFile.Read(stream, name, ImageUse.Mask, findsFlaws: false);
        return ImageDecoder.Decode(file, ImageUse.Mask);
    }

    /// <summary>Reads a whole file without decoding it.</summary>
    /// <returns>What is wrong with it, as far as this shows without decoding.</returns>
    /// <exception cref="PhotoException">See <see cref="ReadHeader(string)"/>; or the file is truncated.</exception>
    internal static ImageFlaws ReadFile(string path, FileObserver observer)
    {
        using var stream = ImageFile.Open(path);
        using var file = ImageFile.Read(stream, path, ImageUse.Header, findsFlaws: true);
        observer(file.Bytes, file.Header);
        return FlawsOf(file);
    }

    private static ImageFlaws FlawsOf(ImageFile file)
    {
        if (file.Header.BitDepth != 16) return file.Flaws;
        int largest = 0;
        var png = PngSamples.Open(file.Decodable, file.Name);
        png.Read((samples, _, _, _) =>
        {
            for (int i = 0; i < samples.Length; i += png.Channels)
            {
                foreach (ushort value in samples.Slice(i, png.ColourChannels)) largest = Math.Max(largest, value);
            }
        });
        return file.Flaws | (largest < DarkBelow ? ImageFlaws.DarkSixteenBit : ImageFlaws.None);
    }

    /// <summary>Returns the luma of a photo; see <see cref="ImageDecoder.Luma"/>.</summary>
    internal static Raster Luma(Raster photo) => ImageDecoder.Luma(photo);
}
