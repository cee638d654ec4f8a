using System.Buffers.Binary;
using static WaterMeters.Ml.Imaging.Jpeg.JpegMarkers;

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
        int components = 0;
        bool isMultiPass = false, isArithmetic = false;
        while (true)
        {
            if (!NextMarker(file, ref at, out byte marker)) return HeaderStatus.NeedsMore;
            if (marker == EndOfImage) return HeaderStatus.Damaged;
            if (HasNoLength(marker)) continue;

            if (at + 2 > file.Length) return HeaderStatus.NeedsMore;
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2) return HeaderStatus.Damaged;
            if (marker == StartOfScan)
            {
                // One scan for each colour: the decoder keeps the coefficients of all of them.
                if (length > 2 && at + 2 >= file.Length) return HeaderStatus.NeedsMore;
                isMultiPass |= length > 2 && file[at + 2] < components;
                break;
            }

            if (at + length > file.Length) return HeaderStatus.NeedsMore;

            var body = file.Slice(at + 2, length - 2);
            at += length;
            if (IsStartOfFrame(marker))
            {
                if (body.Length < 6) return HeaderStatus.Damaged;
                height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
                width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
                isMultiPass = (marker & 3) == 2; // SOF2, 6, 10 and 14
                components = body[5];
                isArithmetic = marker >= 0xc9;
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
            IsColour = components > 1,
            IsLossy = true,
            IsArithmetic = isArithmetic,
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
}
