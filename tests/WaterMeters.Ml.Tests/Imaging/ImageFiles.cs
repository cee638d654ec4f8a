using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Imaging;

/// <summary>Makes images and files whose every byte is known to the test.</summary>
internal static class ImageFiles
{
    /// <summary>Returns an image of random bytes.</summary>
    public static Raster Noise(int width, int height, int channels, int seed)
    {
        var raster = Raster.Rent(width, height, channels);
        new Random(seed).NextBytes(raster.Pixels);
        return raster;
    }

    /// <summary>Returns an image of four flat quarters, different in every orientation: red, green above; blue, white below.</summary>
    public static Raster Quarters(int width, int height)
    {
        var raster = Raster.Rent(width, height, 4);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                var (r, g, b) = Quarter(x < width / 2, y < height / 2);
                var pixel = raster.Pixels.Slice(4 * ((y * width) + x), 4);
                (pixel[0], pixel[1], pixel[2], pixel[3]) = (r, g, b, 255);
            }
        }

        return raster;
    }

    public static (byte R, byte G, byte B) Quarter(bool left, bool top) => (left, top) switch
    {
        (true, true) => (255, 0, 0),
        (false, true) => (0, 255, 0),
        (true, false) => (0, 0, 255),
        _ => (255, 255, 255),
    };

    /// <summary>Returns a JPEG file with an EXIF segment of one entry after its first marker.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation, bool little)
    {
        byte[] exif = [0xff, 0xe1, 0, 34, .. "Exif\0\0"u8, .. Tiff(orientation, little)];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    /// <summary>Returns a TIFF structure of 26 bytes that contains only the orientation.</summary>
    public static byte[] Tiff(int orientation, bool little)
    {
        byte o = (byte)orientation;
        return little
            ? [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, o, 0, 0, 0, 0, 0, 0, 0]
            : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, o, 0, 0, 0, 0, 0, 0];
    }

    /// <summary>Returns a PNG file.</summary>
    /// <param name="width">The width.</param>
    /// <param name="height">The height.</param>
    /// <param name="depth">Bits per sample.</param>
    /// <param name="colour">0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.</param>
    /// <param name="lines">The lines, without their filter bytes.</param>
    /// <param name="extra">Chunks between header and pixels.</param>
    public static byte[] Png(
        int width, int height, int depth, int colour, IEnumerable<byte[]> lines, params (string Name, byte[] Body)[] extra)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)colour);

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (byte[] line in lines)
            {
                zlib.WriteByte(0);
                zlib.Write(line);
            }
        }

        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
        Chunk(file, "IHDR", header);
        foreach (var (name, body) in extra) Chunk(file, name, body);
        Chunk(file, "IDAT", packed.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Returns an image as a JPEG file.</summary>
    public static byte[] Jpeg(Raster image, TempFolder folder, int quality = 95)
    {
        string path = folder[$"{Guid.NewGuid():N}.jpg"];
        ImageWriter.WriteJpeg(image, path, quality);
        return File.ReadAllBytes(path);
    }

    /// <summary>Returns an image as a PNG file.</summary>
    public static byte[] Png(Raster image, TempFolder folder)
    {
        string path = folder[$"{Guid.NewGuid():N}.png"];
        ImageWriter.WritePng(image, path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Returns an opaque image of four channels as a WebP file.</summary>
    public static unsafe byte[] Webp(Raster image, bool lossy)
    {
        for (int i = 3; i < image.Pixels.Length; i += 4) image.Pixels[i] = 255;
        fixed (byte* pixels = image.Pixels)
        {
            var info = new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var pixmap = new SKPixmap(info, (nint)pixels);
            var options = new SKWebpEncoderOptions(lossy ? SKWebpEncoderCompression.Lossy : SKWebpEncoderCompression.Lossless, 95);
            using var data = pixmap.Encode(options)!;
            return data.ToArray();
        }
    }

    public static Raster ReadPhoto(byte[] file) => ImageReader.ReadPhoto(new MemoryStream(file), "photo");

    public static Raster ReadMask(byte[] file) => ImageReader.ReadMask(new MemoryStream(file), "mask");

    /// <summary>Returns R, G and B of the pixels, without the unused byte.</summary>
    public static byte[] Colours(Raster photo)
    {
        var pixels = photo.Pixels.ToArray();
        return [.. pixels.Where((_, i) => i % 4 != 3)];
    }

    private static void Chunk(Stream file, string name, byte[] body)
    {
        byte[] tagged = [.. System.Text.Encoding.ASCII.GetBytes(name), .. body];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        file.Write(tagged);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(tagged));
        file.Write(number);
    }

    private static uint Crc32(byte[] bytes)
    {
        uint crc = ~0u;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int i = 0; i < 8; i++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }

        return ~crc;
    }
}
