using SkiaSharp;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Reads JPEG and PNG files. Pixels are returned as stored, without colour management or alpha multiplication, as OpenCV and Pillow
/// read them in the legacy pipeline; EXIF orientation is applied. Thread-safe.
/// </summary>
public static class ImageReader
{
    /// <summary>Largest image that is decoded, in pixels; a header that claims more is rejected before memory is allocated.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>Longest side that is accepted, in pixels: the resize tables grow with each side, however short the other is.</summary>
    public const int MaxSide = 32_767;

    private const int FirstBytes = 64 * 1024;
    private const int MaxFileBytes = 1 << 30;
    private const int StripRows = 64; // four rows of the largest JPEG blocks

    // No buffer: the reader itself requests large blocks. Delete is shared so that a photo being read can be replaced.
    private static readonly FileStreamOptions Options = new()
    {
        Access = FileAccess.Read,
        BufferSize = 0,
        Mode = FileMode.Open,
        Options = FileOptions.SequentialScan,
        Share = FileShare.Read | FileShare.Delete,
    };

    private delegate T StreamReader<T>(Stream stream, string name);

    /// <summary>Called with the whole file and its header before the pixels are decoded.</summary>
    internal delegate void FileObserver(ReadOnlySpan<byte> file, PhotoHeader header);

    /// <summary>Reads size, orientation and format from the start of a file.</summary>
    /// <exception cref="PhotoException">
    /// The file cannot be read, or is not a JPEG or PNG image of at most <see cref="MaxPixels"/>.
    /// </exception>
    public static PhotoHeader ReadHeader(string path) => Open(path, ReadHeader);

    /// <summary>Reads size, orientation and format from the start of a stream.</summary>
    /// <param name="stream">The stream; it is left open, at a position after the header.</param>
    /// <param name="name">The name that errors give the photo.</param>
    /// <exception cref="PhotoException">See <see cref="ReadHeader(string)"/>.</exception>
    public static PhotoHeader ReadHeader(Stream stream, string name)
    {
        var buffer = new ImageBlock(FirstBytes);
        try
        {
            int length = 0;
            while (true)
            {
                length = Fill(stream, name, buffer.Bytes, length, out bool atEnd);
                if (TryParseHeader(buffer.Bytes[..length], name, atEnd, out var header)) return header;
                Grow(ref buffer, length, name);
            }
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>Decodes a photo.</summary>
    /// <returns>
    /// [height, width, 4]: R, G, B and alpha, which is ignored everywhere, upright. Grey and palettes are expanded, 16 bits cut to 8.
    /// </returns>
    /// <exception cref="PhotoException">
    /// The file cannot be read, is truncated or damaged, or is not a JPEG or PNG image of at most <see cref="MaxPixels"/>.
    /// </exception>
    public static Raster ReadPhoto(string path) => Open(path, ReadPhoto);

    /// <summary>Decodes a photo from a stream, which is read to its end and left open.</summary>
    /// <param name="stream">The stream, from its present position.</param>
    /// <param name="name">The name that errors give the photo.</param>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    public static Raster ReadPhoto(Stream stream, string name) => Read(stream, name, asMask: false);

    /// <summary>Decodes a photo and passes its file to an observer, so that the file is read only once.</summary>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    internal static Raster ReadPhoto(string path, FileObserver observer) =>
        Open(path, (stream, name) => Read(stream, name, asMask: false, observer));

    /// <summary>Decodes a mask.</summary>
    /// <returns>
    /// [height, width, 1], upright: the grey value, or the luma (ITU-R BT.601) of a coloured pixel; R = G = B gives the value itself.
    /// </returns>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    public static Raster ReadMask(string path) => Open(path, ReadMask);

    /// <summary>Decodes a mask from a stream, which is read to its end and left open.</summary>
    /// <param name="stream">The stream, from its present position.</param>
    /// <param name="name">The name that errors give the mask.</param>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    public static Raster ReadMask(Stream stream, string name) => Read(stream, name, asMask: true);

    private static T Open<T>(string path, StreamReader<T> read)
    {
        ArgumentNullException.ThrowIfNull(path);
        FileStream stream;
        try
        {
            stream = new FileStream(path, Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw FileErrors.CannotRead(path, e);
        }

        using (stream) return read(stream, path);
    }

    private static Raster Read(Stream stream, string name, bool asMask, FileObserver? observer = null)
    {
        var buffer = new ImageBlock(Math.Max(FirstBytes, SizeHint(stream)));
        try
        {
            // A video or archive named like a photo is recognized by its first bytes; the rest is not read.
            int length = Fill(stream, name, buffer.Bytes[..FirstBytes], 0, out bool atEnd);
            bool found = TryParseHeader(buffer.Bytes[..length], name, atEnd, out var header);
            while (!atEnd)
            {
                length = Fill(stream, name, buffer.Bytes, length, out atEnd);
                if (!found) found = TryParseHeader(buffer.Bytes[..length], name, atEnd, out header);
                if (!atEnd) Grow(ref buffer, length, name);
            }

            var file = buffer.Bytes[..length];
            bool complete = header.Format == ImageFormat.Jpeg ? JpegContainer.IsComplete(file) : PngContainer.IsComplete(file);
            if (!complete) throw Truncated(name);
            observer?.Invoke(file, header);
            return Decode(file, header, name, asMask);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static unsafe Raster Decode(ReadOnlySpan<byte> file, PhotoHeader header, string name, bool asMask)
    {
        fixed (byte* bytes = file)
        {
            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data) ?? throw Damaged(name);
            var stored = codec.Info;
            if (stored.Width != header.StoredWidth || stored.Height != header.StoredHeight) throw Damaged(name);

            // No colour space in the target: Skia converts no colours. Unpremultiplied alpha: it leaves R, G and B unchanged.
            bool grey = asMask && stored.ColorType == SKColorType.Gray8;
            var target = grey
                ? new SKImageInfo(stored.Width, stored.Height, SKColorType.Gray8, SKAlphaType.Opaque)
                : new SKImageInfo(stored.Width, stored.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
            var image = DecodeInStrips(codec, target, header)
                ?? ExifOrientation.ToUpright(DecodeWhole(codec, target, name), header.Orientation);
            if (!asMask || grey) return image;
            using (image) return Luma(image);
        }
    }

    private static unsafe Raster DecodeWhole(SKCodec codec, SKImageInfo target, string name)
    {
        var raster = Raster.Rent(target.Width, target.Height, target.BytesPerPixel);
        try
        {
            SKCodecResult result;
            fixed (byte* pixels = raster.Pixels) result = codec.GetPixels(target, (nint)pixels);
            return result switch
            {
                SKCodecResult.Success => raster,
                SKCodecResult.IncompleteInput => throw Truncated(name),
                _ => throw Damaged(name),
            };
        }
        catch
        {
            raster.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Decodes a rotated photo strip by strip, so that a second whole copy is never in memory. Returns null when the photo is not
    /// rotated or strips are not available: for PNG, and for a damaged file, which decoding as a whole then reports.
    /// </summary>
    private static unsafe Raster? DecodeInStrips(SKCodec codec, SKImageInfo target, PhotoHeader header)
    {
        if (header.Orientation == 1 || header.Format != ImageFormat.Jpeg) return null;
        if (codec.StartScanlineDecode(target) != SKCodecResult.Success) return null;

        using var strip = Raster.Rent(target.Width, Math.Min(StripRows, target.Height), target.BytesPerPixel);
        var upright = Raster.Rent(header.Width, header.Height, target.BytesPerPixel);
        for (int row = 0; row < target.Height; row += strip.Height)
        {
            int rows = Math.Min(strip.Height, target.Height - row), done;
            fixed (byte* pixels = strip.Pixels) done = codec.GetScanlines((nint)pixels, rows, target.RowBytes);
            if (done < rows)
            {
                upright.Dispose();
                return null;
            }

            ExifOrientation.CopyUpright(strip, row, rows, target.Height, upright, header.Orientation);
        }

        return upright;
    }

    /// <summary>Returns Y = 0.299 R + 0.587 G + 0.114 B in 16-bit fixed point; the weights sum to one, so grey values are kept.</summary>
    internal static Raster Luma(Raster photo)
    {
        var mask = Raster.Rent(photo.Width, photo.Height, 1);
        var from = photo.Pixels;
        var to = mask.Pixels;
        for (int i = 0; i < to.Length; i++)
        {
            var pixel = from.Slice(i * 4, 4);
            to[i] = (byte)(((pixel[0] * 19595) + (pixel[1] * 38470) + (pixel[2] * 7471) + 32768) >> 16);
        }

        return mask;
    }

    private static bool TryParseHeader(ReadOnlySpan<byte> file, string name, bool atEnd, out PhotoHeader header)
    {
        if (file.IsEmpty) throw new PhotoException(name, $"'{name}' is empty. Copy it again from its source.");

        header = default;
        var status = PhotoHeader.Sniff(file) switch
        {
            ImageFormat.Jpeg => JpegContainer.ReadHeader(file, out header),
            ImageFormat.Png => PngContainer.ReadHeader(file, out header),
            _ => throw new PhotoException(name, $"'{name}' is neither a JPEG nor a PNG image. Save it as JPEG or PNG, or remove it."),
        };
        if (status == HeaderStatus.Damaged) throw Damaged(name);
        if (status == HeaderStatus.NeedsMore) return atEnd ? throw Truncated(name) : false;
        if (header.Pixels <= MaxPixels && Math.Max(header.Width, header.Height) <= MaxSide) return true;

        throw new PhotoException(name, FormattableString.Invariant(
            $"'{name}' has {header.Width} x {header.Height} pixels; the limit is {MaxPixels / 1_000_000} megapixels and {MaxSide} pixels ")
            + "a side. Reduce its size, or remove it.");
    }

    /// <summary>Reads until the buffer is full or the stream ends; returns the bytes in the buffer.</summary>
    private static int Fill(Stream stream, string name, Span<byte> buffer, int length, out bool atEnd)
    {
        atEnd = false;
        try
        {
            while (length < buffer.Length && !atEnd)
            {
                int read = stream.Read(buffer[length..]);
                length += read;
                atEnd = read == 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotRead(name, e);
        }

        return length;
    }

    private static void Grow(ref ImageBlock buffer, int length, string name)
    {
        if (length >= MaxFileBytes) throw new PhotoException(name, $"'{name}' is larger than 1 GiB. Reduce its size, or remove it.");

        var larger = new ImageBlock((int)Math.Min(2L * length, MaxFileBytes));
        buffer.Bytes[..length].CopyTo(larger.Bytes);
        buffer.Dispose();
        buffer = larger;
    }

    /// <summary>Returns one byte more than the stream holds: the read that finds the end needs room too.</summary>
    private static int SizeHint(Stream stream) => stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position + 1, 0, 64 << 20) : 0;

    private static PhotoException Truncated(string name) => new(
        name, $"'{name}' is truncated: the file ends before its image does. Copy it again from its source, or remove it.");

    private static PhotoException Damaged(string name) => new(
        name, $"'{name}' is damaged: its image cannot be decoded. Copy it again from its source, or remove it.");
}
