using SkiaSharp;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Imaging;

public class ImageReaderTests
{
    public static TheoryData<int, bool> Orientations
    {
        get
        {
            var data = new TheoryData<int, bool>();
            for (int orientation = 1; orientation <= 8; orientation++)
            {
                data.Add(orientation, true);
                data.Add(orientation, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Rotates_a_photo_upright_in_every_orientation(int orientation, bool little)
    {
        using var folder = new TempFolder();
        using var stored = ImageFiles.Quarters(96, 64);
        byte[] file = ImageFiles.WithOrientation(ImageFiles.Jpeg(stored, folder), orientation, little);

        using var photo = ImageFiles.ReadPhoto(file);
        var header = ImageReader.ReadHeader(new MemoryStream(file), "photo");

        bool swapped = orientation >= 5;
        Assert.Equal(swapped ? (64, 96) : (96, 64), (photo.Width, photo.Height));
        Assert.Equal((photo.Width, photo.Height), (header.Width, header.Height));
        Assert.Equal((96, 64, orientation), (header.StoredWidth, header.StoredHeight, header.Orientation));

        // EXIF 2.32, 4.6.4: which sides of the image the first stored row and column are.
        for (int row = 0; row < 2; row++)
        {
            for (int column = 0; column < 2; column++)
            {
                var (x, y) = orientation switch
                {
                    1 => (column, row),
                    2 => (1 - column, row),
                    3 => (1 - column, 1 - row),
                    4 => (column, 1 - row),
                    5 => (row, column),
                    6 => (1 - row, column),
                    7 => (1 - row, 1 - column),
                    _ => (row, 1 - column),
                };
                var expected = ImageFiles.Quarter(column == 0, row == 0);
                int at = 4 * ((((2 * y) + 1) * photo.Height / 4 * photo.Width) + (((2 * x) + 1) * photo.Width / 4));
                var pixel = photo.Pixels.Slice(at, 3);
                Assert.InRange(Math.Abs(pixel[0] - expected.R) + Math.Abs(pixel[1] - expected.G) + Math.Abs(pixel[2] - expected.B), 0, 6);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Rotates_a_photo_by_strips_to_the_same_pixels_as_a_whole(int orientation)
    {
        using var folder = new TempFolder();
        using var noise = ImageFiles.Noise(203, 150, 4, orientation);
        byte[] file = ImageFiles.Jpeg(noise, folder);
        using var stored = ImageFiles.ReadPhoto(file);

        using var upright = ImageFiles.ReadPhoto(ImageFiles.WithOrientation(file, orientation, little: true));

        var (w, h) = (stored.Width, stored.Height);
        Assert.Equal(orientation >= 5 ? (h, w) : (w, h), (upright.Width, upright.Height));
        for (int y = 0; y < h; y++)
        {
            for (int x = 0; x < w; x++)
            {
                var (column, row) = orientation switch
                {
                    2 => (w - 1 - x, y),
                    3 => (w - 1 - x, h - 1 - y),
                    4 => (x, h - 1 - y),
                    5 => (y, x),
                    6 => (h - 1 - y, x),
                    7 => (h - 1 - y, w - 1 - x),
                    _ => (y, w - 1 - x),
                };
                var expected = stored.Pixels.Slice(4 * ((y * w) + x), 3);
                var actual = upright.Pixels.Slice(4 * ((row * upright.Width) + column), 3);
                Assert.True(expected.SequenceEqual(actual), $"{x}, {y}");
            }
        }
    }

    [Theory]
    [InlineData(0xc0, 1, 3, 4)]
    [InlineData(0xc2, 1, 3, 10)]
    [InlineData(0xc2, 6, 3, 10)]
    [InlineData(0xc1, 3, 3, 4)]
    [InlineData(0xc0, 1, 1, 10)] // one scan for each colour
    public void Estimates_decoding_memory_from_the_header(byte startOfFrame, int orientation, byte inScan, int bytesPerPixel)
    {
        byte[] start = [0xff, 0xd8, 0xff, startOfFrame, 0, 17, 8, 0, 100, 0, 200, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1,
            0xff, 0xda, 0, 12, inScan];
        var header = ImageReader.ReadHeader(new MemoryStream(ImageFiles.WithOrientation(start, orientation, little: true)), "photo");
        Assert.Equal((20_000L, bytesPerPixel * 20_000L), (header.Pixels, header.DecodingBytes));
    }

    [Fact]
    public void Rotates_a_png_mask_by_its_exif_chunk()
    {
        byte[] file = ImageFiles.Png(3, 2, 8, 0, [[1, 2, 3], [4, 5, 6]], ("eXIf", ImageFiles.Tiff(6, little: false)));

        using var mask = ImageFiles.ReadMask(file);

        Assert.Equal((2, 3), (mask.Width, mask.Height));
        Assert.Equal([4, 1, 5, 2, 6, 3], mask.Pixels.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Treats_an_invalid_orientation_as_upright(int orientation)
    {
        using var folder = new TempFolder();
        using var stored = ImageFiles.Quarters(48, 32);
        byte[] file = ImageFiles.WithOrientation(ImageFiles.Jpeg(stored, folder), orientation, little: true);

        Assert.Equal(1, ImageReader.ReadHeader(new MemoryStream(file), "photo").Orientation);
    }

    [Fact]
    public void Ignores_alpha_without_multiplying_by_it()
    {
        byte[] file = ImageFiles.Png(2, 1, 8, 6, [[200, 100, 50, 0, 10, 20, 30, 128]]);

        using var photo = ImageFiles.ReadPhoto(file);

        Assert.Equal([200, 100, 50, 10, 20, 30], ImageFiles.Colours(photo));
    }

    [Fact]
    public void Expands_palettes_single_bits_and_grey_and_cuts_16_bits_to_8()
    {
        byte[] palette = ImageFiles.Png(4, 1, 2, 3, [[0b00_01_10_01]], ("PLTE", [9, 8, 7, 60, 50, 40, 255, 0, 1]), ("tRNS", [0, 128]));
        using var fromPalette = ImageFiles.ReadPhoto(palette);
        Assert.Equal([9, 8, 7, 60, 50, 40, 255, 0, 1, 60, 50, 40], ImageFiles.Colours(fromPalette));

        using var fromBits = ImageFiles.ReadMask(ImageFiles.Png(8, 1, 1, 0, [[0b1010_0110]]));
        Assert.Equal([255, 0, 255, 0, 0, 255, 255, 0], fromBits.Pixels.ToArray());

        using var fromGrey = ImageFiles.ReadPhoto(ImageFiles.Png(2, 1, 8, 0, [[7, 250]]));
        Assert.Equal([7, 7, 7, 250, 250, 250], ImageFiles.Colours(fromGrey));

        using var fromWords = ImageFiles.ReadPhoto(ImageFiles.Png(1, 1, 16, 2, [[0x12, 0x34, 0x80, 0x01, 0xfe, 0x10]]));
        Assert.Equal([0x12, 0x80, 0xfe], ImageFiles.Colours(fromWords));

        using var fromGreyWords = ImageFiles.ReadMask(ImageFiles.Png(2, 1, 16, 0, [[0x40, 0x10, 0xff, 0xff]]));
        Assert.Equal([0x40, 0xff], fromGreyWords.Pixels.ToArray());
    }

    [Fact]
    public void Keeps_the_values_of_a_colour_mask_with_equal_channels()
    {
        byte[] line = [.. Enumerable.Range(0, 256).SelectMany(v => new[] { (byte)v, (byte)v, (byte)v })];

        using var mask = ImageFiles.ReadMask(ImageFiles.Png(256, 1, 8, 2, [line]));
        using var withAlpha = ImageFiles.ReadMask(ImageFiles.Png(2, 1, 8, 4, [[77, 0, 255, 3]]));

        Assert.Equal(Enumerable.Range(0, 256).Select(v => (byte)v), mask.Pixels.ToArray());
        Assert.Equal([77, 255], withAlpha.Pixels.ToArray());
    }

    [Fact]
    public void Reads_a_grey_jpeg_mask_unchanged()
    {
        using var folder = new TempFolder();
        using var flat = Raster.Rent(40, 24, 1);
        flat.Pixels.Fill(127);
        byte[] file = ImageFiles.Jpeg(flat, folder);

        using var mask = ImageFiles.ReadMask(file);
        using var photo = ImageFiles.ReadPhoto(file);

        Assert.All(mask.Pixels.ToArray(), v => Assert.Equal(127, v));
        Assert.All(ImageFiles.Colours(photo), v => Assert.Equal(127, v));
    }

    [Fact]
    public void Ignores_a_colour_profile()
    {
        using var folder = new TempFolder();
        using var space = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Rec2020, SKColorSpaceXyz.AdobeRgb);
        using var bitmap = new SKBitmap(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Opaque, space));
        bitmap.SetPixel(0, 0, new SKColor(200, 40, 90));
        byte[] stored = bitmap.GetPixelSpan()[..3].ToArray();
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Assert.True(png.AsSpan().IndexOf("iCCP"u8) > 0, "the file has no profile to ignore");

        using var photo = ImageFiles.ReadPhoto(png.ToArray());

        Assert.Equal(stored, ImageFiles.Colours(photo));
    }

    [Theory]
    [InlineData("IMG[1].jpg")]
    [InlineData("счётчик воды 水表 é.jpg")]
    [InlineData("no-extension")]
    [InlineData("jpeg inside.png")]
    public void Opens_any_file_name_and_detects_the_format_from_the_content(string name)
    {
        using var folder = new TempFolder();
        using var image = ImageFiles.Quarters(32, 48);
        string path = folder[name];
        ImageWriter.WriteJpeg(image, path, 90);

        using var photo = ImageReader.ReadPhoto(path);

        Assert.Equal((32, 48), (photo.Width, photo.Height));
        Assert.Equal(ImageFormat.Jpeg, ImageReader.ReadHeader(path).Format);
    }

    [Fact]
    public void Opens_a_path_of_more_than_260_characters()
    {
        using var folder = new TempFolder();
        string deep = folder[[.. Enumerable.Repeat(new string('d', 60), 6)]];
        Directory.CreateDirectory(deep);
        using var image = ImageFiles.Quarters(8, 8);
        string path = Path.Combine(deep, "photo.png");
        ImageWriter.WritePng(image, path);

        using var photo = ImageReader.ReadPhoto(path);

        Assert.Equal(ImageFiles.Colours(image), ImageFiles.Colours(photo));
    }

    [Fact]
    public void Reads_a_stream_that_cannot_seek_and_returns_few_bytes_at_a_time()
    {
        using var folder = new TempFolder();
        using var image = ImageFiles.Noise(300, 200, 4, 1);
        byte[] file = ImageFiles.Png(image, folder);

        using var photo = ImageReader.ReadPhoto(new TricklingStream(file), "photo");
        var header = ImageReader.ReadHeader(new TricklingStream(file), "photo");

        Assert.Equal(ImageFiles.Colours(image), ImageFiles.Colours(photo));
        Assert.Equal((300, 200, ImageFormat.Png), (header.Width, header.Height, header.Format));
    }

    [Fact]
    public void Finds_the_size_after_more_than_64_KiB_of_segments()
    {
        using var folder = new TempFolder();
        using var image = ImageFiles.Quarters(40, 24);
        byte[] jpeg = ImageFiles.Jpeg(image, folder);
        byte[] filler = [0xff, 0xe5, 0xff, 0xff, .. new byte[0xfffd]];
        byte[] file = [.. jpeg[..2], .. filler, .. filler, .. filler, .. jpeg[2..]];

        var header = ImageReader.ReadHeader(new MemoryStream(file), "photo");
        Assert.Equal((40, 24), (header.Width, header.Height));
        using var photo = ImageFiles.ReadPhoto(file);
        Assert.Equal(40, photo.Width);
    }

    [Fact]
    public void Agrees_with_Skia_on_size_and_orientation_of_real_photos()
    {
        string folder = Path.Combine(SharedFolder.Meters, "images");
        foreach (string path in Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal))
        {
            using var codec = SKCodec.Create(path);
            var header = ImageReader.ReadHeader(path);
            Assert.Equal(
                (codec.Info.Width, codec.Info.Height, (int)codec.EncodedOrigin),
                (header.StoredWidth, header.StoredHeight, header.Orientation));
        }
    }

    [Fact]
    public void Decodes_real_masks_as_the_legacy_pipeline_does_at_512()
    {
        var scaled = new byte[512 * 512];
        foreach (string truth in Directory.EnumerateFiles(SharedFolder.Golden("predict"), "*.truth.png"))
        {
            string name = Path.GetFileName(truth).Replace(".truth.png", ".jpg");
            using var mask = ImageReader.ReadMask(Path.Combine(SharedFolder.Meters, "masks", name));
            using var expected = ImageReader.ReadMask(truth);

            Preprocessor.ResizeMask(mask, 512, scaled);

            Assert.Equal(expected.Pixels.ToArray().Select(v => v != 0), scaled.Select(v => v != 0));
        }
    }

    private sealed class TricklingStream(byte[] bytes) : Stream
    {
        private int at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = Math.Min(Math.Min(count, 1000), bytes.Length - at);
            bytes.AsSpan(at, read).CopyTo(buffer.AsSpan(offset));
            at += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
