using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Imaging;

public class ImageWriterTests
{
    [Fact]
    public void Writes_a_grey_png_that_reads_back_unchanged()
    {
        using var folder = new TempFolder();
        using var mask = ImageFiles.Noise(61, 43, 1, 1);
        string path = folder["mask.png"];

        ImageWriter.WritePng(mask, path);

        using var back = ImageReader.ReadMask(path);
        Assert.Equal(mask.Pixels.ToArray(), back.Pixels.ToArray());
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal((8, 0), (file[24], file[25]));
    }

    [Fact]
    public void Writes_an_rgb_png_and_ignores_the_fourth_byte()
    {
        using var folder = new TempFolder();
        using var photo = ImageFiles.Noise(37, 29, 4, 2);
        string path = folder["photo.png"];

        ImageWriter.WritePng(photo, path);

        using var back = ImageReader.ReadPhoto(path);
        Assert.Equal(ImageFiles.Colours(photo), ImageFiles.Colours(back));
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal((8, 2), (file[24], file[25]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Writes_a_jpeg_close_to_the_image(int channels)
    {
        using var folder = new TempFolder();
        using var image = Raster.Rent(64, 48, channels);
        for (int i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = (byte)(2 * (i / channels % 64));
        string path = folder["photo.jpg"];

        ImageWriter.WriteJpeg(image, path, 95);

        using var back = channels == 1 ? ImageReader.ReadMask(path) : ImageReader.ReadPhoto(path);
        for (int i = 0; i < back.Pixels.Length; i += channels) Assert.InRange(back.Pixels[i] - image.Pixels[i], -4, 4);
        Assert.Equal(ImageFormat.Jpeg, ImageReader.ReadHeader(path).Format);
    }

    [Fact]
    public void Replaces_an_existing_image_and_leaves_no_temporary_file()
    {
        using var folder = new TempFolder();
        using var first = ImageFiles.Noise(10, 10, 1, 1);
        using var second = ImageFiles.Noise(12, 8, 1, 2);
        string path = folder["mask [1] ü.png"];

        ImageWriter.WritePng(first, path);
        ImageWriter.WritePng(second, path);

        Assert.Equal((12, 8), (ImageReader.ReadHeader(path).Width, ImageReader.ReadHeader(path).Height));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Reports_a_missing_folder_and_does_not_create_it()
    {
        using var folder = new TempFolder();
        using var mask = ImageFiles.Noise(4, 4, 1, 1);
        string path = folder["missing", "mask.png"];

        var fault = Assert.Throws<PhotoException>(() => ImageWriter.WritePng(mask, path));

        Assert.Equal(path, fault.Path);
        Assert.Contains("Create it first", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["missing"]));
    }

    [Fact]
    public void Rejects_the_path_of_a_folder_and_leaves_no_temporary_file()
    {
        using var folder = new TempFolder();
        using var mask = ImageFiles.Noise(4, 4, 1, 1);
        Directory.CreateDirectory(folder["sub"]);

        var fault = Assert.Throws<PhotoException>(() => ImageWriter.WriteJpeg(mask, folder["sub"], 80));

        Assert.Contains("is a folder", fault.Message, StringComparison.Ordinal);
        Assert.Equal([folder["sub"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Reports_an_image_too_large_for_jpeg()
    {
        using var folder = new TempFolder();
        using var line = Raster.Rent(70_000, 1, 1);
        line.Pixels.Clear();

        var fault = Assert.Throws<PhotoException>(() => ImageWriter.WriteJpeg(line, folder["line.jpg"], 80));

        Assert.Contains("70000 x 1", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
