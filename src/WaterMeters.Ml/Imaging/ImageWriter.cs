using SkiaSharp;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Writes PNG and JPEG files: beside their name first, then moved over it, so that a reader sees the old image or the
/// new one and never half of one. Folders are not created.
/// </summary>
public static class ImageWriter
{
    private const int MaxJpegSide = 65_500; // libjpeg's JPEG_MAX_DIMENSION; it complains on the console when it is asked for more

    /// <summary>Writes an 8-bit PNG: grey for one channel, RGB for four.</summary>
    /// <exception cref="PhotoException">The file cannot be written.</exception>
    public static void WritePng(Raster image, string path)
    {
        ArgumentNullException.ThrowIfNull(image);
        var options = PngOptions(image);
        Write(image, path, (pixels, stream) => pixels.Encode(stream, options));
    }

    /// <summary>What <see cref="WritePng"/> writes into the file.</summary>
    /// <param name="image">The image.</param>
    /// <param name="path">The file it is meant for, which errors name.</param>
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
    /// <exception cref="PhotoException">The file cannot be written, or a side has more than 65,500 pixels.</exception>
    public static void WriteJpeg(Raster image, string path, int quality)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (Math.Max(image.Width, image.Height) > MaxJpegSide) throw TooLarge(image, path);
        Write(image, path, (pixels, stream) => pixels.Encode(stream, JpegOptions(quality)));
    }

    /// <summary>The bytes of a JPEG file, for an image that lies in another file.</summary>
    /// <param name="image">The image, of at most 65,500 pixels a side.</param>
    /// <param name="quality">1 (smallest) to 100 (best).</param>
    internal static byte[] Jpeg(Raster image, int quality)
    {
        using var encoded = Encode(image, "", (pixels, stream) => pixels.Encode(stream, JpegOptions(quality)));
        return encoded.ToArray();
    }

    private static SKJpegEncoderOptions JpegOptions(int quality) => new(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);

    /// <summary>Lines of a mask repeat, so their differences are nearly all zero: 1 ms, where no filter takes 15. On photos more effort saves 10 %.</summary>
    private static SKPngEncoderOptions PngOptions(Raster image) =>
        new(image.Channels == 1 ? SKPngEncoderFilterFlags.Up : SKPngEncoderFilterFlags.Sub, 1);

    private static void Write(Raster image, string path, Func<SKPixmap, SKWStream, bool> encode)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(path);

        // Encoded in memory first: an exception of a full disk cannot pass through native code.
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
        // The fourth byte of a photo is no alpha: an opaque image is written without it.
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
        $"'{path}' cannot be written: its format cannot hold {image.Width} x {image.Height} pixels. Write a smaller image."));
}
