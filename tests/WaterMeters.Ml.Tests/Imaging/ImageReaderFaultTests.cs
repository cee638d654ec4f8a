using System.Buffers.Binary;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Imaging;

public class ImageReaderFaultTests
{
    [Fact]
    public void Reports_a_missing_file_a_folder_an_empty_file_and_a_text_file()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["empty.jpg"], []);
        File.WriteAllText(folder["text.jpg"], "This is a letter about a photo.");

        AssertRejected(folder["missing.jpg"], "does not exist");
        AssertRejected(folder["no such folder", "photo.jpg"], "does not exist");
        AssertRejected(folder.Path, "is a folder");
        AssertRejected(folder["empty.jpg"], "is empty");
        AssertRejected(folder["text.jpg"], "neither a JPEG nor a PNG");
        File.WriteAllText(folder["pointer.jpg"], "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        AssertRejected(folder["pointer.jpg"], "git lfs pull");
        File.WriteAllBytes(folder["._a.jpg"], [0, 5, 0x16, 7, 0, 2, 0, 0]);
        AssertRejected(folder["._a.jpg"], "macOS");
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    public void Rejects_a_file_truncated_anywhere(string format)
    {
        using var folder = new TempFolder();
        using var image = ImageFiles.Noise(120, 90, 4, 3);
        byte[] file = format == "jpeg" ? ImageFiles.Jpeg(image, folder, 75) : ImageFiles.Png(image, folder);

        // Without a part of the end marker all pixels are there; see Reads_a_file_without_its_end_marker.
        for (int length = file.Length - (format == "jpeg" ? 3 : 13); length > 0; length -= Math.Max(1, file.Length / 150))
        {
            var fault = Assert.Throws<PhotoException>(() => ImageFiles.ReadPhoto(file[..length]));
            Assert.Equal("photo", fault.Path);
        }

        ImageFiles.ReadPhoto(file).Dispose();
    }

    [Theory]
    [InlineData("jpeg", 2)]
    [InlineData("png", 12)]
    public void Reads_a_file_without_its_end_marker(string format, int marker)
    {
        using var folder = new TempFolder();
        using var image = ImageFiles.Noise(120, 90, 4, 3);
        byte[] file = format == "jpeg" ? ImageFiles.Jpeg(image, folder, 75) : ImageFiles.Png(image, folder);
        using var expected = ImageFiles.ReadPhoto(file);
        for (int missing = 1; missing <= marker; missing++)
        {
            File.WriteAllBytes(folder["cut"], file[..^missing]);
            using var photo = ImageReader.DecodePhoto(folder["cut"]);
            using var mask = ImageReader.ReadMask(folder["cut"], out var flaws);

            Assert.True(expected.Pixels.SequenceEqual(photo.Image.Pixels));
            Assert.Equal((ImageFlaws.MissingEnd, ImageFlaws.MissingEnd), (photo.Flaws, flaws));

            // What is hashed is the file, without the marker that the decoder gets.
            using var stream = ImageFile.Open(folder["cut"]);
            using var read = ImageFile.Read(stream, "cut", ImageUse.Network, findsFlaws: true);
            Assert.True(read.Bytes.SequenceEqual(file.AsSpan()[..^missing]));
        }
    }

    [Fact]
    public void Rejects_a_jpeg_whose_second_half_is_zeros()
    {
        using var folder = new TempFolder();
        using var image = ImageFiles.Noise(120, 90, 4, 3);
        byte[] file = ImageFiles.Jpeg(image, folder, 75);
        file.AsSpan(file.Length / 2).Clear();

        var fault = Assert.Throws<PhotoException>(() => ImageFiles.ReadPhoto(file));

        Assert.Contains("truncated", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_a_jpeg_with_appended_data()
    {
        using var folder = new TempFolder();
        using var image = ImageFiles.Quarters(40, 24);
        byte[] file = [.. ImageFiles.Jpeg(image, folder), .. new byte[5000]];

        using var photo = ImageFiles.ReadPhoto(file);

        Assert.Equal(40, photo.Width);
    }

    [Theory]
    [InlineData(0xc2, 12_000, 11_900, null)]
    [InlineData(0xc2, 12_000, 12_000, "142 megapixels for progressive JPEG files. Save it as a baseline JPEG, or reduce its size.")]
    [InlineData(0xc2, 20_000, 20_000, "142 megapixels for progressive JPEG files. Reduce its size, or remove it.")]
    [InlineData(0xc9, 12_000, 11_900, "100 megapixels for JPEG files with arithmetic coding. Save it as a baseline JPEG, or")]
    [InlineData(0xc0, 20_000, 20_000, "100 megapixels, or 256 for JPEG photos and grey masks. Reduce its size, or remove it.")]
    public void States_the_limit_of_the_kind_of_jpeg(byte frame, int width, int height, string? expected)
    {
        using var folder = new TempFolder();
        using var image = ImageFiles.Quarters(16, 16);
        byte[] file = ImageFiles.Jpeg(image, folder);
        int at = file.AsSpan().IndexOf([(byte)0xff, (byte)0xc0]);
        file[at + 1] = frame;
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at + 7), (ushort)width);
        if (expected is null) Assert.Equal(width, ImageReader.ReadHeader(new MemoryStream(file), "photo").Width);
        else
        {
            var fault = Assert.Throws<PhotoException>(() => ImageReader.ReadHeader(new MemoryStream(file), "photo"));
            Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        }

        // At its own size, as for a repair, the limit is the same for all.
        string whole = Assert.Throws<PhotoException>(() => ImageFiles.ReadPhoto(file)).Message;
        Assert.Contains("a side and 100 megapixels. Reduce its size", whole, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    public void Rejects_a_header_of_more_than_100_megapixels_before_allocating_memory(string format)
    {
        using var folder = new TempFolder();
        byte[] file = ImageFiles.Png(20_000, 20_000, 8, 2, [[1, 2, 3]]);
        if (format == "jpeg")
        {
            using var image = ImageFiles.Quarters(16, 16);
            file = ImageFiles.Jpeg(image, folder);
            int frame = file.AsSpan().IndexOf([(byte)0xff, (byte)0xc0]);
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), 20_000);
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 20_000);
        }

        string path = folder["huge"];
        File.WriteAllBytes(path, file);
        AssertRejected(path, "100 megapixels");

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<PhotoException>(() => ImageReader.ReadPhoto(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Returns_an_image_or_throws_PhotoException_for_mutated_files()
    {
        using var folder = new TempFolder();
        using var image = ImageFiles.Noise(40, 30, 4, 5);
        using var mask = ImageFiles.Noise(40, 30, 1, 6);
        byte[][] files =
        [
            ImageFiles.WithOrientation(ImageFiles.Jpeg(image, folder, 70), 6, little: true),
            ImageFiles.Png(image, folder),
            ImageFiles.Jpeg(mask, folder, 70),
            ImageFiles.Png(2, 2, 8, 3, [[0, 1], [1, 0]], ("eXIf", ImageFiles.Tiff(5, little: false)), ("PLTE", [1, 2, 3, 4, 5, 6])),
        ];
        int read = 0, refused = 0;
        for (int seed = 0; seed < 600; seed++)
        {
            var random = new Random(seed);
            byte[] file = [.. files[seed % files.Length]];

            // Mostly near the start, where sizes, tables and lengths are stored.
            int end = random.Next(2) == 0 ? Math.Min(file.Length, 200) : file.Length;
            for (int i = random.Next(1, 6); i > 0; i--) file[random.Next(3, end)] = (byte)random.Next(256);
            if (random.Next(4) == 0) file = file[..random.Next(1, file.Length)];

            try
            {
                using var raster = seed % 3 == 0 ? ImageFiles.ReadMask(file) : ImageFiles.ReadPhoto(file);
                Assert.InRange((long)raster.Width * raster.Height, 1, ImageReader.MaxPixels);
                read++;
            }
            catch (PhotoException)
            {
                refused++;
            }
        }

        Assert.True(read > 50 && refused > 50, $"{read} read, {refused} rejected: the mutations are too weak or too strong");
    }

    private static void AssertRejected(string path, string because)
    {
        Action[] reads = [() => ImageReader.ReadPhoto(path), () => ImageReader.ReadMask(path), () => ImageReader.ReadHeader(path)];
        foreach (var read in reads)
        {
            var fault = Assert.Throws<PhotoException>(read);
            Assert.Equal(path, fault.Path);
            Assert.Contains(path, fault.Message, StringComparison.Ordinal);
            Assert.Contains(because, fault.Message, StringComparison.Ordinal);
        }
    }
}
