using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging.Jpeg;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// An image file in pooled memory, complete and of a permitted size. Format, size and completeness are checked here, before the decoder
/// sees the file.
/// </summary>
internal sealed class ImageFile : IDisposable
{
    private const int FirstBytes = 64 * 1024;
    private const int MaxFileBytes = 1 << 30;
    private const int RoomForEnd = 16;

    /// <summary>
    /// Pixels that a byte of a JPEG file can hold: a block of 64 needs at least one bit. A smaller file is a header without an image.
    /// </summary>
    private const int MostPixelsPerByte = 512;

    /// <summary>The first bytes of the files ._NAME that macOS writes to drives of other systems (RFC 1740, appendix A).</summary>
    private static ReadOnlySpan<byte> AppleDouble => [0x00, 0x05, 0x16, 0x07];

    private ImageBlock buffer;
    private int length;
    private int decodableLength; // at least length; more after an end marker was added

    private ImageFile(string name, int bytes) => (Name, buffer) = (name, new ImageBlock(bytes));

    /// <summary>The name that errors give the file.</summary>
    public string Name { get; }

    /// <summary>Its header.</summary>
    public PhotoHeader Header { get; private set; }

    /// <summary>What is wrong with it.</summary>
    public ImageFlaws Flaws { get; private set; }

    /// <summary>The bytes of the file.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.Bytes[..length];

    /// <summary>The bytes of the file, with an end marker if it has none.</summary>
    public ReadOnlySpan<byte> Decodable => buffer.Bytes[..decodableLength];

    /// <summary>Opens a file.</summary>
    /// <exception cref="PhotoException">The file cannot be opened, or is a folder, a named pipe or a device.</exception>
    public static FileStream Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return HeldFile.OpenRead(path, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>Reads the header from the start of a stream.</summary>
    /// <exception cref="PhotoException">The file cannot be read, or is no image of a permitted size.</exception>
    public static PhotoHeader ReadHeader(Stream stream, string name)
    {
        using var file = new ImageFile(name, FirstBytes);
        while (!file.FillAndParse(stream, file.buffer.Bytes.Length, ImageUse.Header, out _)) file.Grow(2L * file.length);
        return file.Header;
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="PhotoException">The file cannot be read, is no image of a permitted size, or is truncated.</exception>
    /// <param name="stream">The stream.</param>
    /// <param name="name">The name that errors give the file.</param>
    /// <param name="use">What it is read for.</param>
    /// <param name="findsFlaws">Whether all flaws are found; otherwise only those without which the file would be refused.</param>
    public static ImageFile Read(Stream stream, string name, ImageUse use, bool findsFlaws)
    {
        var file = new ImageFile(name, Math.Max(FirstBytes, SizeHint(stream)));
        try
        {
            // A video or archive named like a photo is recognized by its first bytes; the rest is not read.
            bool isParsed = file.FillAndParse(stream, FirstBytes, use, out bool atEnd);
            while (!atEnd)
            {
                if (isParsed) file.Fill(stream, file.buffer.Bytes.Length, out atEnd);
                else isParsed = file.FillAndParse(stream, file.buffer.Bytes.Length, use, out atEnd);
                if (!atEnd) file.Grow(2L * file.length);
            }

            file.CheckCompleteness(findsFlaws);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();

    /// <summary>Creates the error for a file that ends too early.</summary>
    public static PhotoException Truncated(string name) => new(
        name, $"'{name}' is truncated: the file ends before its image does. Copy it again from its source, or remove it.");

    /// <summary>Creates the error for a file that cannot be decoded.</summary>
    public static PhotoException Damaged(string name) => new(
        name, $"'{name}' is damaged: its image cannot be decoded. Copy it again from its source, or remove it.");

    private void CheckCompleteness(bool findsFlaws)
    {
        var (flaws, present) = Header.Format switch
        {
            ImageFormat.Jpeg => CheckJpeg(findsFlaws),
            ImageFormat.Png when PngContainer.IsComplete(Bytes) => (ImageFlaws.None, 0),
            ImageFormat.Png when PngContainer.IsCompleteWithoutEnd(Bytes, out int at) => (ImageFlaws.MissingEnd, length - at),
            ImageFormat.Webp when WebpContainer.IsComplete(Bytes) => (ImageFlaws.None, 0),
            _ => throw Truncated(Name),
        };
        (Flaws, decodableLength) = (flaws, length);
        if (!flaws.HasFlag(ImageFlaws.MissingEnd)) return;

        // The first bytes of the marker may be there; writing them again leaves the bytes of the file, which are hashed, as they are.
        ReadOnlySpan<byte> end = Header.Format == ImageFormat.Jpeg ? [0xff, 0xd9] : PngContainer.End;
        int start = length - present;
        decodableLength = start + end.Length;
        if (buffer.Bytes.Length < decodableLength) Grow(decodableLength + RoomForEnd);
        end.CopyTo(buffer.Bytes[start..]);
    }

    private (ImageFlaws Flaws, int PresentOfEnd) CheckJpeg(bool findsFlaws)
    {
        if (!Header.IsArithmetic && (long)length * MostPixelsPerByte < Header.Pixels) throw Truncated(Name);
        if (!findsFlaws && JpegContainer.IsComplete(Bytes)) return (ImageFlaws.None, 0);
        var status = JpegScanChecker.Check(Bytes);
        bool endsWithMarker = Bytes.EndsWith((ReadOnlySpan<byte>)[0xff, 0xd9]);
        return status switch
        {
            JpegStatus.WholeWithoutEnd => (ImageFlaws.MissingEnd, Bytes[^1] == 0xff ? 1 : 0),
            JpegStatus.Damaged when endsWithMarker || JpegContainer.IsComplete(Bytes) => (ImageFlaws.DamagedPixels, 0),
            JpegStatus.Whole => (ImageFlaws.None, 0),
            _ when JpegContainer.IsComplete(Bytes) => (status == JpegStatus.Cut ? ImageFlaws.DamagedPixels : ImageFlaws.None, 0),
            _ => throw Truncated(Name),
        };
    }

    private bool FillAndParse(Stream stream, int upTo, ImageUse use, out bool atEnd)
    {
        Fill(stream, upTo, out atEnd);
        if (length == 0) throw new PhotoException(Name, $"'{Name}' is empty. Copy it again from its source.");
        PhotoHeader header = default;
        var status = PhotoHeader.Sniff(Bytes) switch
        {
            ImageFormat.Jpeg => JpegContainer.ReadHeader(Bytes, out header),
            ImageFormat.Png => PngContainer.ReadHeader(Bytes, out header),
            ImageFormat.Webp => WebpContainer.ReadHeader(Bytes, out header),
            _ => throw NotAnImage(),
        };
        switch (status)
        {
            case HeaderStatus.Found:
                CheckSize(header, use);
                Header = header;
                return true;
            case HeaderStatus.Animated:
                throw new PhotoException(Name, $"'{Name}' is an animation. Save one image of it as JPEG or PNG, or remove it.");
            case HeaderStatus.NeedsMore:
                return atEnd ? throw Truncated(Name) : false;
            default:
                throw Damaged(Name);
        }
    }

    private PhotoException NotAnImage()
    {
        if (LfsPointer.Matches(Bytes)) return new(Name, LfsPointer.Message(Name));
        if (Bytes.StartsWith(AppleDouble))
        {
            return new(Name, $"'{Name}' holds what macOS keeps beside a file of another name, not a photo. Remove it.");
        }

        return new(Name, $"'{Name}' is neither a JPEG nor a PNG or WebP image. Save it as JPEG or PNG, or remove it.");
    }

    private void CheckSize(PhotoHeader header, ImageUse use)
    {
        bool asNetworkInput = header is { Format: ImageFormat.Jpeg, IsArithmetic: false }
            && header.DecodingBytes <= ImageReader.MaxDecodingBytes;
        bool asMask = header is { IsColour: false, HasAlpha: false, IsPalette: false, IsMultiPass: false, BitDepth: <= 8 };
        bool isOneCopy = use switch
        {
            ImageUse.Header => asNetworkInput || asMask,
            ImageUse.Network => asNetworkInput,
            ImageUse.Mask => asMask,
            _ => false,
        };
        long most = isOneCopy ? ImageReader.MaxPixels : ImageReader.MaxWholePixels;
        if (header.Pixels <= most && Math.Max(header.Width, header.Height) <= ImageReader.MaxSide) return;

        // Of a JPEG, saving it in another way may help: a baseline JPEG is read up to the larger limit.
        bool isSlow = !isOneCopy && header.Format == ImageFormat.Jpeg && (header.IsArithmetic || header.IsMultiPass)
            && (use != ImageUse.Mask || !header.IsColour) && use != ImageUse.Photo;
        bool isLargeBaseline = header.Pixels <= ImageReader.MaxPixels && Math.Max(header.Width, header.Height) <= ImageReader.MaxSide;
        long slow = header.IsArithmetic || use == ImageUse.Mask ? ImageReader.MaxWholePixels : ImageReader.MaxProgressivePixels;
        string whole = Megapixels(ImageReader.MaxWholePixels);
        string limit = isSlow
            ? $"{Megapixels(slow)} for {(header.IsArithmetic ? "JPEG files with arithmetic coding" : "progressive JPEG files")}"
            : use == ImageUse.Photo ? whole
            : $"{whole}, or {ImageReader.MaxPixels / 1_000_000} for JPEG photos and grey masks";
        throw new PhotoException(Name, FormattableString.Invariant(
            $"'{Name}' has {header.Width} x {header.Height} pixels; the limit is {ImageReader.MaxSide} pixels a side and {limit}. ")
            + (isSlow && isLargeBaseline ? "Save it as a baseline JPEG, or reduce its size." : "Reduce its size, or remove it."));

        static string Megapixels(long pixels) => FormattableString.Invariant($"{pixels / 1_000_000} megapixels");
    }

    /// <summary>Reads until the buffer is full up to a length, or the stream ends.</summary>
    private void Fill(Stream stream, int upTo, out bool atEnd)
    {
        atEnd = false;
        var bytes = buffer.Bytes[..upTo];
        try
        {
            while (length < bytes.Length && !atEnd)
            {
                int read = stream.Read(bytes[length..]);
                length += read;
                atEnd = read == 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotRead(Name, e);
        }
    }

    private void Grow(long bytes)
    {
        if (length >= MaxFileBytes) throw new PhotoException(Name, $"'{Name}' is larger than 1 GiB. Reduce its size, or remove it.");

        var larger = new ImageBlock((int)Math.Min(bytes, MaxFileBytes + RoomForEnd));
        Bytes.CopyTo(larger.Bytes);
        buffer.Dispose();
        buffer = larger;
    }

    /// <summary>Returns more than the stream holds: the read that finds the end needs room too, and so does a missing end marker.</summary>
    private static int SizeHint(Stream stream) =>
        stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position + RoomForEnd, 0, 64 << 20) : 0;
}
