using SkiaSharp;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Writes PNG and JPEG files atomically: to a temporary file that then replaces the target, so that a reader sees the old image or
/// the new one, never a part of one. Folders are not created.
/// </summary>
public static class ImageWriter
{
    private const int MaxJpegSide = 65_500; // libjpeg's JPEG_MAX_DIMENSION; beyond it libjpeg writes to the console

    /// <summary>Writes an 8-bit PNG: grey for one channel, RGB for four.</summary>
    /// <exception cref="PhotoException">The file cannot be written.</exception>
    public static void WritePng(Raster image, string path)
    {
        ArgumentNullException.ThrowIfNull(image);
        var options = PngOptions(image);
        Write(image, path, (pixels, stream) => pixels.Encode(stream, options));
    }

    /// <summary>Returns the bytes that <see cref="WritePng"/> writes.</summary>
    /// <param name="image">The image.</param>
    /// <param name="path">The target file, named in errors.</param>
    internal static byte[] EncodePng(Raster image, string path)
    {
        var options = PngOptions(image);
        using var encoded = Encode(image, path, (pixels, stream) => pixels.Encode(stream, options));
        return encoded.ToArray();
    }

    /// <summary>Writes a JPEG: grey for one channel, colour for four.</summary>
    /// <param name="image">The image.</param>
    /// <param name="path">The file.</param>
    /// <param name="quality">1 (smallest) to 100 (best).</param>
    /// <exception cref="PhotoException">The file cannot be written, or a side is longer than 65,500 pixels.</exception>
    public static void WriteJpeg(Raster image, string path, int quality)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (Math.Max(image.Width, image.Height) > MaxJpegSide) throw TooLarge(image, path);
        Write(image, path, (pixels, stream) => pixels.Encode(stream, JpegOptions(quality)));
    }

    /// <summary>Returns the bytes of a JPEG file, to embed the image in another file.</summary>
    /// <param name="image">The image, of at most 65,500 pixels a side.</param>
    /// <param name="quality">1 (smallest) to 100 (best).</param>
    internal static byte[] EncodeJpeg(Raster image, int quality)
    {
        using var encoded = Encode(image, "", (pixels, stream) => pixels.Encode(stream, JpegOptions(quality)));
        return encoded.ToArray();
    }

    private static SKJpegEncoderOptions JpegOptions(int quality) =>
        new(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);

    /// <summary>
    /// Lines of a mask repeat, so the Up filter leaves nearly all zeros: 1 ms, against 15 without a filter. On photos a higher
    /// compression level would save only 10 %.
    /// </summary>
    private static SKPngEncoderOptions PngOptions(Raster image) =>
        new(image.Channels == 1 ? SKPngEncoderFilterFlags.Up : SKPngEncoderFilterFlags.Sub, 1);

    private static void Write(Raster image, string path, Func<SKPixmap, SKWStream, bool> encode)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(path);

        // Encode in memory first: an exception from a full disk cannot pass through native code.
        using var encoded = Encode(image, path, encode);
        try
        {
            AtomicFile.WriteUnflushed(Path.GetFullPath(path), encoded.AsSpan());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw FileErrors.CannotWrite(path, e);
        }
    }

    private static unsafe SKData Encode(Raster image, string path, Func<SKPixmap, SKWStream, bool> encode)
    {
        // The fourth byte of a photo is not alpha, so it is written as an opaque image, without that byte.
        var info = new SKImageInfo(
            image.Width, image.Height, image.Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var stream = new SKDynamicMemoryWStream();
        fixed (byte* pixels = image.Pixels)
        {
            using var pixmap = new SKPixmap(info, (nint)pixels);
            if (encode(pixmap, stream)) return stream.DetachAsData();
        }

        throw TooLarge(image, path);
    }

    private static PhotoException TooLarge(Raster image, string path) => new(path, FormattableString.Invariant(
        $"Cannot write '{path}': its format cannot hold {image.Width} x {image.Height} pixels. Use a smaller image."));
}
