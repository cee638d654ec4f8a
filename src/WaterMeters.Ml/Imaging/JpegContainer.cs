using System.Buffers.Binary;

namespace WaterMeters.Ml.Imaging;

/// <summary>Reads the segments of a JPEG file (ITU-T T.81, annex B): size, orientation, and whether the file is complete.</summary>
internal static class JpegContainer
{
    private const byte EndOfImage = 0xd9, StartOfScan = 0xda, App1 = 0xe1;

    /// <summary>Returns whether these are the first bytes of a JPEG file.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    private static ReadOnlySpan<byte> Signature => [0xff, 0xd8, 0xff];

    /// <summary>Reads size and orientation from the segments before the first scan.</summary>
    public static HeaderStatus ReadHeader(ReadOnlySpan<byte> file, out PhotoHeader header)
    {
        header = default;
        int width = 0, height = 0, orientation = 0, at = 2;
        bool isMultiPass = false, isColour = false;
        while (true)
        {
            if (!NextMarker(file, ref at, out byte marker)) return HeaderStatus.NeedsMore;
            if (marker == EndOfImage) return HeaderStatus.Damaged;
            if (HasNoLength(marker)) continue;

            if (at + 2 > file.Length) return HeaderStatus.NeedsMore;
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2) return HeaderStatus.Damaged;
            if (marker == StartOfScan) break;
            if (at + length > file.Length) return HeaderStatus.NeedsMore;

            var body = file.Slice(at + 2, length - 2);
            at += length;
            if (IsStartOfFrame(marker))
            {
                if (body.Length < 6) return HeaderStatus.Damaged;
                height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
                width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
                isMultiPass = (marker & 3) == 2; // SOF2, 6, 10 and 14
                isColour = body[5] > 1;
            }
            else if (marker == App1 && orientation == 0 && body.StartsWith("Exif\0\0"u8))
            {
                orientation = ExifOrientation.Read(body[6..]);
            }
        }

        if (width == 0 || height == 0) return HeaderStatus.Damaged;
        header = new PhotoHeader(width, height, Math.Max(orientation, 1), ImageFormat.Jpeg)
        {
            IsMultiPass = isMultiPass,
            BitDepth = 8,
            IsColour = isColour,
        };
        return HeaderStatus.Found;
    }

    /// <summary>
    /// Returns whether the file contains its end-of-image marker. Success of the decoder does not prove it: when the rest of a truncated
    /// file is zeros, it fills the missing part with grey.
    /// </summary>
    public static bool IsComplete(ReadOnlySpan<byte> file)
    {
        int at = 2;
        while (NextMarker(file, ref at, out byte marker))
        {
            if (marker == EndOfImage) return true;
            if (HasNoLength(marker)) continue;
            if (at + 2 > file.Length) return false;

            at += BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (at > file.Length) return false;
        }

        return false;
    }

    /// <summary>Moves behind the next marker. In a scan, ff 00 is a data byte, not a marker; fill bytes are skipped.</summary>
    private static bool NextMarker(ReadOnlySpan<byte> file, ref int at, out byte marker)
    {
        marker = 0;
        while (at < file.Length)
        {
            int step = file[at..].IndexOf((byte)0xff);
            if (step < 0) break;

            at += step + 1;
            while (at < file.Length && file[at] == 0xff) at++;
            if (at >= file.Length) break;

            marker = file[at++];
            if (marker != 0) return true;
        }

        return false;
    }

    /// <summary>Returns whether the marker has no length field: TEM, RST0 to RST7, SOI.</summary>
    private static bool HasNoLength(byte marker) => marker is 0x01 or (>= 0xd0 and <= 0xd8);

    /// <summary>Returns whether the marker is SOF0 to SOF15; DHT, JPG and DAC, which lie between them, are not.</summary>
    private static bool IsStartOfFrame(byte marker) => marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc);
}
