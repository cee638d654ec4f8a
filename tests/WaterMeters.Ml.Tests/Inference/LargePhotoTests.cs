using System.Globalization;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Tests.Imaging;
using WaterMeters.Ml.Tests.Models;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>Photos of more than 100 megapixels: decoded at half their size, with masks of their own size, in bounded memory.</summary>
[Collection(MemoryCollection.Name)]
public class LargePhotoTests
{
    [Fact]
    public void A_jpeg_of_more_than_100_megapixels_is_predicted_at_half_its_size_with_a_mask_of_its_own()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["out"]);
        string path = folder["a.jpg"];
        const int Width = 10_016, Height = 10_000;
        using (var grey = Raster.Rent(Width, Height, 1))
        {
            grey.Pixels.Fill(40);
            grey.Pixels[(Width * (Height / 2))..].Fill(200);
            ImageWriter.WriteJpeg(grey, path, 80);
        }

        var header = ImageReader.ReadHeader(path);
        Assert.True(header.IsReduced);
        Assert.Equal((Width * Height, (long)Width * Height), ((int)header.Pixels, header.DecodingBytes)); // 4 bytes for each fourth pixel
        using (var photo = ImageReader.DecodePhoto(path))
        {
            Assert.Equal((Width / 2, Height / 2, ImageFlaws.None), (photo.Image.Width, photo.Image.Height, photo.Flaws));
            Assert.Equal((40, 200), (photo.Image.Pixels[0], photo.Image.Pixels[^2]));
        }

        using (var mask = ImageReader.ReadMask(path)) Assert.Equal((Width, Height), (mask.Width, mask.Height));
        var tooLarge = Assert.Throws<PhotoException>(() => ImageReader.ReadPhoto(path));
        Assert.Contains("100 megapixels", tooLarge.Message, StringComparison.Ordinal);

        using var engine = new OnnxEngine(TestModels.Random(4, 32));
        var options = new PredictionOptions { OutputPath = folder["out"], Overlay = true };
        var outcome = Assert.Single(new PhotoPredictor(engine, options).Run(PhotoQueue.Create(path), CancellationToken.None));

        var prediction = Assert.IsType<Prediction>(outcome.Prediction);
        var written = ImageReader.ReadHeader(prediction.MaskPath!);
        var overlay = ImageReader.ReadHeader(prediction.OverlayPath!);
        Assert.Equal((Width, Height), (prediction.Width, prediction.Height));
        Assert.Equal((Width, Height), (written.Width, written.Height));
        Assert.Equal((Width / 2, Height / 2), (overlay.Width, overlay.Height));
    }

    [Theory]
    [InlineData(16_000, 16_000, 0, false)] // a grey PNG mask: one byte per pixel
    [InlineData(16_000, 16_000, 2, true)] // in colour it would take four
    [InlineData(16_001, 16_000, 0, true)]
    [InlineData(10_001, 10_000, 3, true)]
    public void Large_png_files_are_accepted_only_as_grey_masks(int width, int height, int colour, bool isRefused)
    {
        byte[] start = ImageFilesPng(width, height, colour);
        if (isRefused) Assert.Throws<PhotoException>(() => ImageReader.ReadHeader(new MemoryStream(start), "mask"));
        else Assert.Equal((long)width * height, ImageReader.ReadHeader(new MemoryStream(start), "mask").Pixels);

        // Few bytes that claim many pixels are never read as a photo.
        Assert.Throws<PhotoException>(() => ImageReader.ReadPhoto(new MemoryStream(start), "photo"));
    }

    /// <summary>A photo of 12 megapixels; of 200 with WMS_PROVE=full.</summary>
    [Fact(SkipUnless = nameof(WindowsSystem.IsLinux), SkipType = typeof(WindowsSystem),
        Skip = "Only Linux tells the peak of a part of a process.")]
    public void Predicts_a_large_photo_in_the_stated_memory()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["out"]);
        const int Limit = 1000; // MB
        var (width, height) = ProcessMemory.Full ? (16_320, 12_240) : (4080, 3060);
        using (var drawn = Raster.Rent(width, height, 4))
        {
            var random = new Random(1);
            for (int y = 0; y < height; y++)
            {
                var line = drawn.Pixels.Slice(4 * y * width, 4 * width);
                for (int x = 0; x < line.Length; x++) line[x] = (byte)(128 + (60 * Math.Sin((x + y) / 900.0)) + random.Next(-12, 13));
            }

            ImageWriter.WriteJpeg(drawn, folder["a.jpg"], 90);
        }

        using var engine = new OnnxEngine(ModelFile.Load(SharedFolder.Golden("models", "meter-unet.safetensors")));
        var options = new PredictionOptions { OutputPath = folder["out"], Overlay = true };
        ProcessMemory.Collect();
        long start = Peak(reset: true);
        var outcome = Assert.Single(new PhotoPredictor(engine, options).Run(PhotoQueue.Create(folder["a.jpg"]), CancellationToken.None));
        long peak = Peak(reset: false);

        Assert.Equal((width, height), (outcome.Prediction!.Width, outcome.Prediction.Height));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"figure: a photo of {width * height / 1_000_000} megapixels ({new FileInfo(folder["a.jpg"]).Length >> 20} MB): " +
            $"{peak} MB at the peak, {start} before"));

        // Alone in the process, the whole of it counts; beside other tests, what the photo adds.
        Assert.InRange(ProcessMemory.Full ? peak : peak - start, 0, Limit);
    }

    private static byte[] ImageFilesPng(int width, int height, int colour) => colour == 3
        ? ImageFiles.Png(width, height, 8, colour, [[0]], ("PLTE", [0, 0, 0]))
        : ImageFiles.Png(width, height, 8, colour, [[0]]);

    /// <summary>Returns the peak of resident memory, MB; with <paramref name="reset"/>, starts to measure again.</summary>
    private static long Peak(bool reset)
    {
        if (reset) File.WriteAllText("/proc/self/clear_refs", "5");
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) / 1024;
    }
}
