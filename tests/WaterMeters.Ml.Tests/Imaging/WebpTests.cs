using System.Buffers.Binary;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Imaging;

public class WebpTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reads_a_photo_and_its_header(bool lossy)
    {
        using var image = ImageFiles.Quarters(48, 32);
        byte[] file = ImageFiles.Webp(image, lossy);

        var header = ImageReader.ReadHeader(new MemoryStream(file), "photo");
        using var photo = ImageFiles.ReadPhoto(file);
        using var mask = ImageFiles.ReadMask(file);

        Assert.Equal((48, 32, ImageFormat.Webp, lossy), (header.Width, header.Height, header.Format, header.IsLossy));
        Assert.Equal((48, 32, 1), (mask.Width, mask.Height, mask.Channels));
        foreach (var (x, y) in new[] { (4, 4), (40, 4), (4, 28), (40, 28) })
        {
            var pixel = photo.Pixels.Slice(4 * ((y * 48) + x), 3);
            var (r, g, b) = ImageFiles.Quarter(x < 24, y < 16);
            int most = lossy ? 4 : 0;
            Assert.True(Math.Abs(pixel[0] - r) <= most && Math.Abs(pixel[1] - g) <= most && Math.Abs(pixel[2] - b) <= most, $"{x}, {y}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void Applies_the_exif_orientation_as_in_a_png(int orientation)
    {
        using var folder = new TempFolder();
        using var image = ImageFiles.Quarters(20, 12);
        byte[] png = ImageFiles.Png(image, folder), webp = ImageFiles.Webp(image, lossy: false);
        png = [.. png[..33], .. PngExif(orientation), .. png[33..]];
        foreach (byte[] prefix in new byte[][] { [], [.. "Exif\0\0"u8] })
        {
            byte[] turned = WithChunks(webp, 20, 12, 0x08, ("EXIF", [.. prefix, .. ImageFiles.Tiff(orientation, little: true)]));

            using var expected = ImageFiles.ReadPhoto(png);
            using var photo = ImageFiles.ReadPhoto(turned);

            Assert.Equal((expected.Width, expected.Height), (photo.Width, photo.Height));
            Assert.Equal(ImageFiles.Colours(expected), ImageFiles.Colours(photo));
        }
    }

    [Fact]
    public void Rejects_an_animation_a_cut_file_and_a_file_of_the_header_alone()
    {
        using var image = ImageFiles.Noise(40, 30, 4, 1);
        byte[] file = ImageFiles.Webp(image, lossy: true);

        Assert.Contains("animation", Refused(WithChunks(file, 40, 30, 0x02)), StringComparison.Ordinal);
        for (int length = file.Length - 1; length > 12; length -= 97)
        {
            Assert.Contains("truncated", Refused(file[..length]), StringComparison.Ordinal);
        }

        byte[] huge = WithChunks(file, 16_000, 16_000, 0);
        Assert.Contains("megapixels", Refused(huge), StringComparison.Ordinal);
        byte[] empty = [.. file];
        empty.AsSpan(30).Clear();
        Assert.Throws<PhotoException>(() => ImageFiles.ReadPhoto(empty[..30]));
    }

    private static string Refused(byte[] file) => Assert.Throws<PhotoException>(() => ImageFiles.ReadPhoto(file)).Message;

    /// <summary>Returns a WebP file in the extended format: VP8X, the pixels, further chunks.</summary>
    private static byte[] WithChunks(byte[] file, int width, int height, byte flags, params (string Name, byte[] Body)[] chunks)
    {
        byte[] extended = [flags, 0, 0, 0, .. UInt24(width - 1), .. UInt24(height - 1)];
        int first = file.AsSpan(12).StartsWith("VP8X"u8) ? 30 : 12;
        byte[] body = [.. "WEBP"u8, .. Chunk("VP8X", extended), .. file[first..]];
        foreach (var (name, content) in chunks) body = [.. body, .. Chunk(name, content)];
        return [.. "RIFF"u8, .. UInt32(body.Length), .. body];

        static byte[] Chunk(string name, byte[] content) =>
            [.. System.Text.Encoding.ASCII.GetBytes(name), .. UInt32(content.Length), .. content, .. new byte[content.Length & 1]];

        static byte[] UInt24(int value) => UInt32(value)[..3];

        static byte[] UInt32(int value)
        {
            byte[] bytes = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            return bytes;
        }
    }

    private static byte[] PngExif(int orientation)
    {
        byte[] file = ImageFiles.Png(1, 1, 8, 0, [[0]], ("eXIf", ImageFiles.Tiff(orientation, little: true)));
        int at = file.AsSpan().IndexOf("eXIf"u8) - 4;
        return file[at..(at + 12 + 26)];
    }
}
