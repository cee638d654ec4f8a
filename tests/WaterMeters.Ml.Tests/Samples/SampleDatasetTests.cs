using System.Buffers.Binary;
using SkiaSharp;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Samples;

public sealed class SampleDatasetTests
{
    private const int Size = 96;

    [Fact]
    public void Names_the_pairs_as_a_data_set_does_and_gives_them_in_order()
    {
        using var folder = new TempFolder();
        var told = new Told();
        List<SampleFiles> pairs = [.. SampleDataset.Write(folder.Path, Options(5), told, Now)];

        Assert.Equal([1, 2, 3, 4, 5], pairs.Select(pair => pair.Index));
        Assert.Equal([1, 2, 3, 4, 5], told.Values);
        Assert.Equal(folder["images", "sample_0001.jpg"], pairs[0].ImagePath);
        Assert.Equal(folder["masks", "sample_0005.png"], pairs[4].MaskPath);
        Assert.Equal(10, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Gives_the_same_bytes_for_the_same_seed_however_many_are_drawn_at_once()
    {
        using var one = new TempFolder();
        using var many = new TempFolder();
        Draw(one, Options(6), atOnce: 1);
        Draw(many, Options(6), atOnce: 5);
        foreach ((string first, string second) in Files(one).Zip(Files(many)))
        {
            Assert.Equal(Path.GetFileName(first), Path.GetFileName(second));
            Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        }
    }

    [Fact]
    public void Draws_a_photo_from_its_number_alone_not_from_the_count()
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
    public void Keeps_the_window_inside_and_its_share_plausible(int size)
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
    public void Turns_meters_every_way_and_takes_most_photos_upright()
    {
        SampleScene[] scenes = [.. Enumerable.Range(1, 300).Select(index => SampleScene.Create(SampleRandom.ForPhoto(0, index, 640).Split(), 640))];
        Assert.InRange(scenes.Count(scene => scene.Height > scene.Width), 200, 280);
        Assert.Contains(scenes, scene => scene.Quad.B.X < scene.Quad.A.X - scene.Radius / 2);
        Assert.Contains(scenes, scene => MathF.Abs(scene.Quad.B.Y - scene.Quad.A.Y) > 3 * MathF.Abs(scene.Quad.B.X - scene.Quad.A.X));
        Assert.Equal(4, scenes.Select(scene => scene.Drums).Distinct().Count());
        Assert.Equal(Enum.GetValues<Backdrop>().Length, scenes.Select(scene => scene.Backdrop).Distinct().Count());
    }

    [Fact]
    public void Shows_the_window_where_the_mask_is()
    {
        // Digits on drums vary far more than the paper, the wall and the pipes around them do.
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
    public void Refuses_to_replace_a_file_and_leaves_it_alone()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["masks"]);
        File.WriteAllText(folder["masks", "sample_0002.png"], "mine");

        var error = Assert.Throws<DatasetException>(() => SampleDataset.Write(folder.Path, Options(3), null, Now));
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
    public void Leaves_only_whole_pairs_when_it_is_cancelled()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (SampleFiles pair in SampleDataset.Write(folder.Path, Options(500), atOnce: 3, null, stop.Token))
                if (pair.Index == 3) stop.Cancel();
        });
        AssertWholePairs(folder, fewerThan: 500);
    }

    [Fact]
    public void Stops_drawing_when_the_reader_stops_reading()
    {
        using var folder = new TempFolder();
        Assert.Equal(2, SampleDataset.Write(folder.Path, Options(500), null, Now).Take(2).Count());
        AssertWholePairs(folder, fewerThan: 500);
    }

    [Fact]
    public void Draws_nothing_before_the_first_pair_is_asked_for()
    {
        using var folder = new TempFolder();
        IEnumerable<SampleFiles> pairs = SampleDataset.Write(folder.Path, Options(2), null, Now);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(2, pairs.Count());
    }

    [Theory]
    [InlineData(0, 640)]
    [InlineData(1, 63)]
    [InlineData(1, 9000)]
    public void Refuses_options_out_of_range(int count, int size)
    {
        using var folder = new TempFolder();
        Assert.Throws<SettingsException>(() => SampleDataset.Write(folder.Path, new SampleOptions { Count = count, Size = size }, null, Now));
    }

    [Fact]
    public void Says_which_folder_cannot_be_made()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["images"], "a file where a folder has to be");
        var error = Assert.Throws<DatasetException>(() => Draw(folder, Options(1)));
        Assert.Equal(folder.Path, error.Path);
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private static SampleOptions Options(int count) => new() { Count = count, Size = Size };

    private static List<SampleFiles> Draw(TempFolder folder, SampleOptions options, int atOnce = 2) =>
        [.. SampleDataset.Write(folder.Path, options, atOnce, null, Now)];

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
        using SKBitmap bitmap = SKBitmap.Decode(pair.MaskPath, new SKImageInfo(pair.Width, pair.Height, SKColorType.Gray8, SKAlphaType.Opaque));
        var values = new byte[pair.Width * pair.Height];
        for (int y = 0; y < pair.Height; y++) bitmap.GetPixelSpan().Slice(y * bitmap.RowBytes, pair.Width).CopyTo(values.AsSpan(y * pair.Width));
        return values;
    }

    // Another rule than the one that draws the mask: a ray to the right crosses the border an odd number of times.
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

    // Mean difference of neighbours five pixels apart, both inside or both outside of the mask.
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

    private sealed class Told : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
