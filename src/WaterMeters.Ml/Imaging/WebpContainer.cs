using System.Buffers.Binary;

namespace WaterMeters.Ml.Imaging;

/// <summary>Reads the chunks of a WebP file (RFC 9649): size, orientation, and whether the file is complete.</summary>
internal static class WebpContainer
{
    private const int RiffHeader = 12, ChunkHeader = 8;
    private const int AnimationFlag = 0x02, ExifFlag = 0x08, AlphaFlag = 0x10;

    /// <summary>Returns whether these are the first bytes of a WebP file.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) =>
        start.Length >= RiffHeader && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8);

    /// <summary>Reads size and orientation. The EXIF chunk is behind the pixels, so a photo with one is read to its end.</summary>
    public static HeaderStatus ReadHeader(ReadOnlySpan<byte> file, out PhotoHeader header)
    {
        header = default;
        int width = 0, height = 0, orientation = 0, flags = 0;
        bool? isLossy = null;
        bool hasAlpha = false;
        long end = End(file);
        long at = RiffHeader;
        while (at < end)
        {
            if (at + ChunkHeader > file.Length) return HeaderStatus.NeedsMore;
            var chunk = file[(int)at..];
            long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            var name = chunk[..4];
            var body = chunk[ChunkHeader..(int)Math.Min(chunk.Length, ChunkHeader + length)];
            if (name.SequenceEqual("VP8X"u8))
            {
                if (body.Length < 10) return HeaderStatus.NeedsMore;
                flags = body[0];
                (width, height) = (1 + UInt24(body[4..]), 1 + UInt24(body[7..]));
            }
            else if (name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8))
            {
                if (body.Length < 10) return HeaderStatus.NeedsMore;
                isLossy = name[3] == ' ';
                if (width == 0) ReadFrame(body, isLossy.Value, ref width, ref height, ref hasAlpha);
                if ((flags & ExifFlag) == 0) break;
            }
            else if (name.SequenceEqual("EXIF"u8))
            {
                if (body.Length < length) return HeaderStatus.NeedsMore;
                orientation = ExifOrientation.Read(body.StartsWith("Exif\0\0"u8) ? body[6..] : body);
                break;
            }

            at += ChunkHeader + length + (length & 1);
        }

        if ((flags & AnimationFlag) != 0) return HeaderStatus.Animated;
        if (width == 0 || height == 0 || isLossy is null) return HeaderStatus.Damaged;
        header = new PhotoHeader(width, height, Math.Max(orientation, 1), ImageFormat.Webp)
        {
            BitDepth = 8,
            IsColour = true,
            IsLossy = isLossy.Value,
            HasAlpha = hasAlpha || (flags & AlphaFlag) != 0,
        };
        return HeaderStatus.Found;
    }

    /// <summary>Returns whether the file has the length that its header states.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> file) => file.Length >= End(file);

    private static long End(ReadOnlySpan<byte> file) => 8 + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);

    private static void ReadFrame(ReadOnlySpan<byte> body, bool isLossy, ref int width, ref int height, ref bool hasAlpha)
    {
        if (isLossy)
        {
            // 3 bytes of frame tag and 3 of start code, then 14 bits each.
            if (body[3] != 0x9d || body[4] != 0x01 || body[5] != 0x2a) return;
            (width, height) = (UInt16(body[6..]) & 0x3fff, UInt16(body[8..]) & 0x3fff);
        }
        else if (body[0] == 0x2f)
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
            (width, height, hasAlpha) = (1 + (int)(bits & 0x3fff), 1 + (int)((bits >> 14) & 0x3fff), (bits & (1 << 28)) != 0);
        }
    }

    private static int UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static int UInt24(ReadOnlySpan<byte> bytes) => UInt16(bytes) | (bytes[2] << 16);
}
