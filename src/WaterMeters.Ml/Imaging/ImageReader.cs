using SkiaSharp;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Reads JPEG and PNG files. Pixels come as they are stored: no colour management and no multiplication by alpha, as
/// the seed's OpenCV and Pillow read them; the EXIF orientation is applied. Every method may run on several threads.
/// </summary>
public static class ImageReader
{
    /// <summary>The largest image that is decoded, in pixels; a larger claim is refused before memory is taken for it.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>Pixels of a side beyond which an image is refused: the tables of the resize grow with a side, whatever the other one is.</summary>
    public const int MaxSide = 32_767;

    private const int FirstBytes = 64 * 1024;
    private const int MaxFileBytes = 1 << 30;
    private const int StripRows = 64; // four rows of the largest blocks of a JPEG

    // The reader asks for large blocks itself. Delete is shared so that a photo being read can still be moved over.
    private static readonly FileStreamOptions Options = new()
    {
        Access = FileAccess.Read,
        BufferSize = 0,
        Mode = FileMode.Open,
        Options = FileOptions.SequentialScan,
        Share = FileShare.Read | FileShare.Delete,
    };

    private delegate T StreamReader<T>(Stream stream, string name);

    /// <summary>Sees a whole file and its header on the way to its pixels.</summary>
    internal delegate void FileObserver(ReadOnlySpan<byte> file, PhotoHeader header);

    /// <summary>Reads size, orientation and format from the first bytes of a file.</summary>
    /// <exception cref="PhotoException">The file cannot be read, or is not a JPEG or PNG image of at most <see cref="MaxPixels"/>.</exception>
    public static PhotoHeader ReadHeader(string path) => Open(path, ReadHeader);

    /// <summary>Reads size, orientation and format from the first bytes of a stream.</summary>
    /// <param name="stream">The stream; it is left open, somewhere behind the header.</param>
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
    /// <returns>[height, width, 4]: R, G, B and alpha, which nobody blends with, upright. Grey and palettes are expanded, 16 bits cut to 8.</returns>
    /// <exception cref="PhotoException">The file cannot be read, is cut off or damaged, or is no JPEG or PNG image of at most <see cref="MaxPixels"/>.</exception>
    public static Raster ReadPhoto(string path) => Open(path, ReadPhoto);

    /// <summary>Decodes a photo from a stream, which is read to its end and left open.</summary>
    /// <param name="stream">The stream, from its present position.</param>
    /// <param name="name">The name that errors give the photo.</param>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    public static Raster ReadPhoto(Stream stream, string name) => Read(stream, name, asMask: false);

    /// <summary>Decodes a photo, and shows its file on the way: who needs both need not read it twice.</summary>
    /// <exception cref="PhotoException">See <see cref="ReadPhoto(string)"/>.</exception>
    internal static Raster ReadPhoto(string path, FileObserver observer) => Open(path, (stream, name) => Read(stream, name, asMask: false, observer));

    /// <summary>Decodes a mask.</summary>
    /// <returns>[height, width, 1], upright: the grey value, or the luma (ITU-R BT.601) of a coloured pixel; R = G = B gives the value itself.</returns>
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
            // A film or an archive with a photo's name is known by its first bytes; the rest of it is never read.
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
            if (!complete) throw CutOff(name);
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

            // Without a colour space in the target Skia converts none; with unpremultiplied alpha it leaves R, G and B alone.
            bool grey = asMask && stored.ColorType == SKColorType.Gray8;
            var target = new SKImageInfo(
                stored.Width, stored.Height, grey ? SKColorType.Gray8 : SKColorType.Rgba8888, grey ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
            var image = DecodeTurned(codec, target, header) ?? ExifOrientation.Upright(DecodeWhole(codec, target, name), header.Orientation);
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
                SKCodecResult.IncompleteInput => throw CutOff(name),
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
    /// Decodes a photo that a camera stored on its side strip by strip, so that there is never a second whole copy of it; null when that
    /// is not needed, or not to be had: for PNG, and for a damaged file, which decoding it whole then tells.
    /// </summary>
    private static unsafe Raster? DecodeTurned(SKCodec codec, SKImageInfo target, PhotoHeader header)
    {
        if (header.Orientation == 1 || header.Format != ImageFormat.Jpeg || codec.StartScanlineDecode(target) != SKCodecResult.Success) return null;

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

            ExifOrientation.Place(strip, row, rows, target.Height, upright, header.Orientation);
        }

        return upright;
    }

    /// <summary>Y = 0.299 R + 0.587 G + 0.114 B in 16-bit fixed point; the weights add up to one, so grey stays itself.</summary>
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
        if (file.IsEmpty) throw new PhotoException(name, $"'{name}' is empty. Copy the photo again from where it came from.");

        header = default;
        var status = PhotoHeader.Sniff(file) switch
        {
            ImageFormat.Jpeg => JpegContainer.ReadHeader(file, out header),
            ImageFormat.Png => PngContainer.ReadHeader(file, out header),
            _ => throw new PhotoException(name, $"'{name}' is neither a JPEG nor a PNG image, whatever its name says. Save it as one of them, or take it out."),
        };
        if (status == HeaderStatus.Damaged) throw Damaged(name);
        if (status == HeaderStatus.NeedsMore) return atEnd ? throw CutOff(name) : false;
        if (header.Pixels <= MaxPixels && Math.Max(header.Width, header.Height) <= MaxSide) return true;

        throw new PhotoException(name, FormattableString.Invariant(
            $"'{name}' claims {header.Width} x {header.Height} pixels; at most {MaxPixels / 1_000_000} megapixels and {MaxSide} pixels a side are read. Make it smaller, or take it out."));
    }

    /// <summary>Reads until the buffer is full or the stream ends.</summary>
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
        if (length >= MaxFileBytes) throw new PhotoException(name, $"'{name}' has more than 1 GiB. Save the photo with a smaller size, or take it out.");

        var larger = new ImageBlock((int)Math.Min(2L * length, MaxFileBytes));
        buffer.Bytes[..length].CopyTo(larger.Bytes);
        buffer.Dispose();
        buffer = larger;
    }

    /// <summary>One byte more than the stream holds: the read that finds the end needs room too.</summary>
    private static int SizeHint(Stream stream) => stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position + 1, 0, 64 << 20) : 0;

    private static PhotoException CutOff(string name) => new(
        name, $"'{name}' ends before its image does: it was cut off. Copy it again from where it came from, or take it out.");

    private static PhotoException Damaged(string name) => new(
        name, $"'{name}' is damaged: its image cannot be decoded. Copy it again from where it came from, or take it out.");
}
