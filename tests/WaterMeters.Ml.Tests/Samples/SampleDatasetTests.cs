using System.Buffers.Binary;
using SkiaSharp;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Samples;

public sealed class SampleDatasetTests
{
    private const int Size = 96;

    [Fact]
    public void Names_the_pairs_as_a_data_set_and_returns_them_in_order()
    {
        using var folder = new TempFolder();
        var progress = new RecordedProgress();
        List<SampleFiles> pairs = [.. SampleDataset.Write(folder.Path, Options(5), progress, Stop)];

        Assert.Equal([1, 2, 3, 4, 5], pairs.Select(pair => pair.Index));
        Assert.Equal([1, 2, 3, 4, 5], progress.Values);
        Assert.Equal(folder["images", "sample_0001.jpg"], pairs[0].ImagePath);
        Assert.Equal(folder["masks", "sample_0005.png"], pairs[4].MaskPath);
        Assert.Equal(10, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Draws_the_same_bytes_for_the_same_seed_with_any_parallelism()
    {
        using var one = new TempFolder();
        using var many = new TempFolder();
        Draw(one, Options(6), parallelism: 1);
        Draw(many, Options(6), parallelism: 5);
        foreach ((string first, string second) in Files(one).Zip(Files(many)))
        {
            Assert.Equal(Path.GetFileName(first), Path.GetFileName(second));
            Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        }
    }

    [Fact]
    public void Draws_a_photo_from_its_number_independently_of_the_count()
    {
        using var few = new TempFolder();
        using var more = new TempFolder();
        Draw(few, Options(2));
        Draw(more, Options(4));
        Assert.Equal(File.ReadAllBytes(few["images", "sample_0002.jpg"]), File.ReadAllBytes(more["images", "sample_0002.jpg"]));
    }

    [Fact]
    public void Draws_other_photos_for_another_seed_and_another_number()
    {
        byte[][] photos = [.. from seed in new[] { 0, 1, -1 } from index in new[] { 1, 2 } select SamplePhoto.Draw(seed, index, Size).Jpeg];
        Assert.Equal(photos.Length, photos.Select(Convert.ToBase64String).Distinct().Count());
    }

    [Fact]
    public void Writes_jpeg_photos_and_8_bit_grey_masks_of_the_same_size()
    {
        using var folder = new TempFolder();
        foreach (SampleFiles pair in Draw(folder, Options(8)))
        {
            using (var codec = SKCodec.Create(pair.ImagePath))
            {
                Assert.Equal(SKEncodedImageFormat.Jpeg, codec.EncodedFormat);
                Assert.Equal((pair.Width, pair.Height), (codec.Info.Width, codec.Info.Height));
            }
            byte[] png = File.ReadAllBytes(pair.MaskPath);
            Assert.Equal(pair.Width, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
            Assert.Equal(pair.Height, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
            Assert.Equal((8, 0), (png[24], png[25]));
            Assert.Equal(Size, Math.Max(pair.Width, pair.Height));
            byte[] mask = Mask(pair);
            Assert.All(mask, value => Assert.True(value is 0 or 255));
            Assert.Equal(mask.Count(value => value == 255) / (double)mask.Length, pair.Coverage, 12);
        }
    }

    [Fact]
    public void Fills_exactly_the_pixels_whose_centre_lies_in_the_window()
    {
        using var folder = new TempFolder();
        foreach (SampleFiles pair in Draw(folder, Options(6)))
        {
            WindowQuad quad = SampleScene.Create(SampleRandom.ForPhoto(0, pair.Index, Size).Split(), Size).Quad;
            byte[] mask = Mask(pair);
            SKPoint[] corners = [quad.A, quad.B, quad.C, quad.D];
            for (int y = 0; y < pair.Height; y++)
                for (int x = 0; x < pair.Width; x++)
                    Assert.Equal(CrossingsAreOdd(corners, x + 0.5, y + 0.5), mask[y * pair.Width + x] == 255);
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(640)]
    public void Keeps_the_window_inside_the_photo_and_its_coverage_plausible(int size)
    {
        for (int index = 1; index <= 400; index++)
        {
            SampleScene scene = SampleScene.Create(SampleRandom.ForPhoto(3, index, size).Split(), size);
            WindowQuad quad = scene.Quad;
            Assert.InRange(quad.Left, 2.9, scene.Width);
            Assert.InRange(quad.Top, 2.9, scene.Height);
            Assert.InRange(quad.Right, 0, scene.Width - 2.9);
            Assert.InRange(quad.Bottom, 0, scene.Height - 2.9);
            Assert.InRange(SampleMask.Draw(quad, scene.Width, scene.Height).Coverage, 0.014, 0.05);
        }
    }

    [Fact]
    public void Draws_meters_at_any_angle_and_most_photos_in_portrait()
    {
        SampleScene[] scenes = [.. Enumerable.Range(1, 300)
            .Select(index => SampleScene.Create(SampleRandom.ForPhoto(0, index, 640).Split(), 640))];
        Assert.InRange(scenes.Count(scene => scene.Height > scene.Width), 200, 280);
        Assert.Contains(scenes, scene => scene.Quad.B.X < scene.Quad.A.X - scene.Radius / 2);
        Assert.Contains(scenes, scene => MathF.Abs(scene.Quad.B.Y - scene.Quad.A.Y) > 3 * MathF.Abs(scene.Quad.B.X - scene.Quad.A.X));
        Assert.Equal(4, scenes.Select(scene => scene.Drums).Distinct().Count());
        Assert.Equal(Enum.GetValues<Backdrop>().Length, scenes.Select(scene => scene.Backdrop).Distinct().Count());
    }

    [Fact]
    public void Shows_the_window_where_the_mask_is()
    {
        // Digits on drums have far more contrast than the paper, wall and pipes around them.
        int clear = 0;
        for (int index = 1; index <= 20; index++)
        {
            SamplePhoto photo = SamplePhoto.Draw(0, index, 320, TestContext.Current.CancellationToken);
            using SKBitmap image = SKBitmap.Decode(photo.Jpeg);
            byte[] mask = SampleMask.Draw(photo.Scene.Quad, image.Width, image.Height).Values;
            if (Detail(image, mask, 255) > 1.5 * Detail(image, mask, 0)) clear++;
        }
        Assert.InRange(clear, 17, 20);
    }

    [Fact]
    public void Does_not_replace_an_existing_file()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["masks"]);
        File.WriteAllText(folder["masks", "sample_0002.png"], "mine");

        var error = Assert.Throws<DatasetException>(() => SampleDataset.Write(folder.Path, Options(3), null, Stop));
        Assert.Equal(folder["masks", "sample_0002.png"], error.Path);
        Assert.Contains("-Force", error.Message);
        Assert.Equal("mine", File.ReadAllText(folder["masks", "sample_0002.png"]));
        Assert.False(Directory.Exists(folder["images"]));
    }

    [Fact]
    public void Replaces_files_with_force()
    {
        using var folder = new TempFolder();
        Draw(folder, Options(2));
        byte[] before = File.ReadAllBytes(folder["images", "sample_0002.jpg"]);
        Draw(folder, Options(2) with { Seed = 7, Force = true });
        Assert.NotEqual(before, File.ReadAllBytes(folder["images", "sample_0002.jpg"]));
    }

    [Fact]
    public void Leaves_only_complete_pairs_when_cancelled()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (SampleFiles pair in SampleDataset.Write(folder.Path, Options(500), parallelism: 3, null, stop.Token))
                if (pair.Index == 3) stop.Cancel();
        });
        AssertWholePairs(folder, fewerThan: 500);
    }

    [Fact]
    public void Stops_drawing_when_the_enumeration_stops()
    {
        using var folder = new TempFolder();
        Assert.Equal(2, SampleDataset.Write(folder.Path, Options(500), null, Stop).Take(2).Count());
        AssertWholePairs(folder, fewerThan: 500);
    }

    [Fact]
    public void Draws_nothing_before_the_enumeration_starts()
    {
        using var folder = new TempFolder();
        IEnumerable<SampleFiles> pairs = SampleDataset.Write(folder.Path, Options(2), null, Stop);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(2, pairs.Count());
    }

    [Theory]
    [InlineData(0, 640)]
    [InlineData(1, 63)]
    [InlineData(1, 9000)]
    public void Rejects_options_out_of_range(int count, int size)
    {
        using var folder = new TempFolder();
        var options = new SampleOptions { Count = count, Size = size };
        Assert.Throws<SettingsException>(() => SampleDataset.Write(folder.Path, options, null, Stop));
    }

    [Fact]
    public void Reports_a_folder_that_cannot_be_created()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["images"], "a file in place of a folder");
        var error = Assert.Throws<DatasetException>(() => Draw(folder, Options(1)));
        Assert.Equal(folder.Path, error.Path);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SampleOptions Options(int count) => new() { Count = count, Size = Size };

    private static List<SampleFiles> Draw(TempFolder folder, SampleOptions options, int parallelism = 2) =>
        [.. SampleDataset.Write(folder.Path, options, parallelism, null, Stop)];

    private static IEnumerable<string> Files(TempFolder folder) =>
        Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static void AssertWholePairs(TempFolder folder, int fewerThan)
    {
        string[] photos = [.. Directory.GetFiles(folder["images"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        string[] masks = [.. Directory.GetFiles(folder["masks"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.InRange(photos.Length, 2, fewerThan - 1);
        Assert.Equal(photos.Select(name => Path.ChangeExtension(name, ".png")), masks);
        Assert.All(photos, name => Assert.Matches("^sample_[0-9]{4}[.]jpg$", name));
    }

    private static byte[] Mask(SampleFiles pair)
    {
        var info = new SKImageInfo(pair.Width, pair.Height, SKColorType.Gray8, SKAlphaType.Opaque);
        using SKBitmap bitmap = SKBitmap.Decode(pair.MaskPath, info);
        var values = new byte[pair.Width * pair.Height];
        for (int y = 0; y < pair.Height; y++)
        {
            bitmap.GetPixelSpan().Slice(y * bitmap.RowBytes, pair.Width).CopyTo(values.AsSpan(y * pair.Width));
        }

        return values;
    }

    // Not the rule that draws the mask: a ray to the right crosses the border an odd number of times.
    private static bool CrossingsAreOdd(SKPoint[] corners, double x, double y)
    {
        bool odd = false;
        for (int i = 0, j = corners.Length - 1; i < corners.Length; j = i++)
        {
            (double xi, double yi, double xj, double yj) = (corners[i].X, corners[i].Y, corners[j].X, corners[j].Y);
            if (yi > y != yj > y && x < (xj - xi) * (y - yi) / (yj - yi) + xi) odd = !odd;
        }
        return odd;
    }

    // Mean difference of pixels five columns apart, both inside or both outside the mask.
    private static double Detail(SKBitmap image, byte[] mask, byte value)
    {
        const int Apart = 5;
        long sum = 0, count = 0;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width - Apart; x++)
            {
                int at = y * image.Width + x;
                if (mask[at] != value || mask[at + Apart] != value) continue;
                sum += Math.Abs(image.GetPixel(x, y).Green - image.GetPixel(x + Apart, y).Green);
                count++;
            }
        }
        return sum / (double)count;
    }

    private sealed class RecordedProgress : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
