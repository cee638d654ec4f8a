using System.Buffers.Binary;

namespace WaterMeters.Ml.Imaging;

/// <summary>Reads the chunks of a PNG file (W3C PNG, chapter 5): size, orientation, and whether the file is complete.</summary>
internal static class PngContainer
{
    private const int SignatureLength = 8, ChunkOverhead = 12;

    /// <summary>Returns whether these are the first bytes of a PNG file.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Reads size and orientation. An eXIf chunk is read only before the pixels, where writers place it.</summary>
    public static HeaderStatus ReadHeader(ReadOnlySpan<byte> file, out PhotoHeader header)
    {
        header = default;
        int width = 0, height = 0, orientation = 0, at = SignatureLength;
        int depth = 0, colour = 0;
        bool isMultiPass = false, isTransparent = false;
        while (true)
        {
            if (at + 8 > file.Length) return HeaderStatus.NeedsMore;
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            var name = file.Slice(at + 4, 4);
            if (length > int.MaxValue) return HeaderStatus.Damaged;

            bool isFirst = at == SignatureLength;
            if (isFirst != name.SequenceEqual("IHDR"u8)) return HeaderStatus.Damaged;
            if (name.SequenceEqual("IDAT"u8)) break;
            if (at + ChunkOverhead + (long)length > file.Length) return HeaderStatus.NeedsMore;

            var body = file.Slice(at + 8, (int)length);
            at += ChunkOverhead + (int)length;
            if (isFirst)
            {
                if (length < 13) return HeaderStatus.Damaged;
                uint claimedWidth = BinaryPrimitives.ReadUInt32BigEndian(body);
                uint claimedHeight = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
                if (claimedWidth is 0 or > int.MaxValue || claimedHeight is 0 or > int.MaxValue) return HeaderStatus.Damaged;
                (width, height) = ((int)claimedWidth, (int)claimedHeight);
                (depth, colour, isMultiPass) = (body[8], body[9], body[12] != 0);
            }
            else if (name.SequenceEqual("IEND"u8))
            {
                return HeaderStatus.Damaged;
            }
            else if (name.SequenceEqual("tRNS"u8))
            {
                isTransparent = true;
            }
            else if (name.SequenceEqual("eXIf"u8) && orientation == 0)
            {
                orientation = ExifOrientation.Read(body);
            }
        }

        header = new PhotoHeader(width, height, Math.Max(orientation, 1), ImageFormat.Png)
        {
            IsMultiPass = isMultiPass,
            BitDepth = depth,
            IsColour = (colour & 2) != 0, // bits of the colour type: 1 palette, 2 colour, 4 alpha
            IsPalette = (colour & 1) != 0,
            HasAlpha = isTransparent || (colour & 4) != 0,
        };
        return HeaderStatus.Found;
    }

    /// <summary>Returns whether the file contains all chunks up to IEND.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> file)
    {
        long at = SignatureLength;
        while (at + ChunkOverhead <= file.Length)
        {
            var chunk = file[(int)at..];
            at += ChunkOverhead + (long)BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk.Slice(4, 4).SequenceEqual("IEND"u8)) return at <= file.Length;
        }

        return false;
    }

    /// <summary>The IEND chunk.</summary>
    public static ReadOnlySpan<byte> End => [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

    /// <summary>Returns whether only the IEND chunk, or a part of it, is missing behind whole chunks with the pixels.</summary>
    /// <param name="file">The file.</param>
    /// <param name="end">Where that chunk begins.</param>
    public static bool IsCompleteWithoutEnd(ReadOnlySpan<byte> file, out int end)
    {
        long at = SignatureLength;
        bool hasPixels = false;
        while (at < file.Length && !End.StartsWith(file[(int)at..]))
        {
            if (at + ChunkOverhead > file.Length) break;
            var chunk = file[(int)at..];
            hasPixels |= chunk.Slice(4, 4).SequenceEqual("IDAT"u8);
            at += ChunkOverhead + (long)BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }

        end = (int)Math.Min(at, file.Length);
        return hasPixels && at <= file.Length && End.StartsWith(file[end..]);
    }
}
