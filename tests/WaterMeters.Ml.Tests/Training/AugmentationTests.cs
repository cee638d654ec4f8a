using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

public class AugmentationTests
{
    private const int Size = 32;
    private static readonly TrainingOptions NoChanges = new()
    {
        DataPath = "", OutputPath = "", HorizontalFlip = 0, VerticalFlip = 0, RotationDegrees = 0, RotationProbability = 0,
        BrightnessProbability = 0,
    };

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Flips_move_photo_and_mask_alike(bool mirror, bool upsideDown)
    {
        var photo = Noise();
        var (image, mask) = Apply(NoChanges with { HorizontalFlip = mirror ? 1 : 0, VerticalFlip = upsideDown ? 1 : 0 }, photo);
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                int from = ((upsideDown ? Size - 1 - y : y) * Size) + (mirror ? Size - 1 - x : x), to = (y * Size) + x;
                for (int channel = 0; channel < 3; channel++)
                {
                    Assert.Equal(photo.Planes[(channel * Size * Size) + from] / 255f, image[(3 * to) + channel]);
                }

                Assert.Equal(photo.Mask[from], mask[to]);
            }
        }
    }

    [Fact]
    public void Brightness_multiplies_only_the_photo_by_0_8_to_1_2()
    {
        var photo = Noise();
        var factors = new List<double>();
        for (int key = 0; key < 60; key++)
        {
            var (image, mask) = Apply(NoChanges with { BrightnessProbability = 1 }, photo, key);
            Assert.Equal(photo.Mask.Select(m => (float)m), mask);
            int at = Enumerable.Range(0, Size * Size).First(i => photo.Planes[i] is > 90 and < 110);
            double factor = image[3 * at] / (photo.Planes[at] / 255f);
            factors.Add(factor);
            for (int i = 0; i < Size * Size; i++) Assert.Equal(Math.Min(1, photo.Planes[i] / 255f * factor), image[3 * i], 1e-5);
        }

        Assert.InRange(factors.Min(), 0.7999, 0.85);
        Assert.InRange(factors.Max(), 1.15, 1.2001);
    }

    [Theory]
    [InlineData(7.3)]
    [InlineData(-31)]
    [InlineData(90)]
    [InlineData(180)]
    public void Rotation_keeps_the_mask_with_the_photo(double degrees)
    {
        // A smooth blob whose mask is where it is bright: after rotation too, except at its edge.
        var photo = new SquarePhoto(Size);
        for (int i = 0; i < Size * Size; i++)
        {
            double dx = (i % Size) - 20, dy = (i / Size) - 12;
            byte value = (byte)(255 * Math.Exp(-((dx * dx) + (3 * dy * dy)) / 60));
            photo.Planes[i] = photo.Planes[i + (Size * Size)] = photo.Planes[i + (2 * Size * Size)] = value;
            photo.Mask[i] = value >= 128 ? (byte)1 : (byte)0;
        }

        var rotated = Rotate(photo, degrees);

        int differing = Enumerable.Range(0, Size * Size).Count(i => (rotated.Planes[i] >= 128) != (rotated.Mask[i] == 1));
        Assert.InRange(differing, 0, photo.Mask.Sum(m => m) / 4);
        Assert.InRange(rotated.Mask.Sum(m => m), photo.Mask.Sum(m => m) * 0.9, photo.Mask.Sum(m => m) * 1.1);
        Assert.NotEqual(photo.Mask, rotated.Mask);
    }

    [Fact]
    public void Rotation_by_90_degrees_moves_each_pixel_exactly_and_corners_are_filled_with_zero()
    {
        var photo = Noise();
        var rotated = Rotate(photo, 90);
        var corner = Rotate(photo, 45);
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                // Counter-clockwise: the right column becomes the top row.
                int from = (x * Size) + (Size - 1 - y), to = (y * Size) + x;
                Assert.Equal(photo.Mask[from], rotated.Mask[to]);
                Assert.InRange(rotated.Planes[to] - photo.Planes[from], -1, 1);
            }
        }

        Assert.Equal((0, 0), (corner.Planes[0], corner.Mask[0]));
    }

    [Fact]
    public void Flips_occur_with_the_given_probability()
    {
        var photo = Noise();
        int mirrored = 0;
        for (int key = 0; key < 1000; key++)
        {
            var (image, _) = Apply(NoChanges with { HorizontalFlip = 0.3 }, photo, key);
            if (image[0] == photo.Planes[Size - 1] / 255f && image[3] == photo.Planes[Size - 2] / 255f) mirrored++;
        }

        Assert.InRange(mirrored, 250, 350);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(15.0)]
    public void Batches_depend_only_on_seed_epoch_and_photo(double degrees)
    {
        using var set = TrainingSet.Noise(7, 0, 0);
        var pairs = DatasetContents.Read(set.DataPath, set.SplitPath, CancellationToken.None).Pairs;
        var options = set.Options("run") with { RotationDegrees = degrees, RotationProbability = 0.5, Seed = 9 };
        float[] first = Epoch(options, epoch: 3, setback: 0, threads: 1, cache: 1 << 30);

        Assert.Equal(first, Epoch(options, 3, 0, threads: 4, cache: 1 << 30));
        Assert.Equal(first, Epoch(options, 3, 0, threads: 3, cache: 0));
        Assert.NotEqual(first, Epoch(options, 4, 0, 1, 1 << 30));
        Assert.NotEqual(first, Epoch(options, 3, 1, 1, 1 << 30));
        Assert.NotEqual(first, Epoch(options with { Seed = 10 }, 3, 0, 1, 1 << 30));

        float[] Epoch(TrainingOptions o, int epoch, int setback, int threads, long cache)
        {
            var store = new PlaneStore(pairs, Size, normalized: degrees == 0, cache);
            var all = new List<float>();
            var counts = new List<int>();
            var source = new BatchSource(o with { AugmentationThreads = threads }, store, pairs.Count, 3);
            foreach (var batch in source.Epoch(epoch, setback, CancellationToken.None))
            {
                counts.Add(batch.Count);
                all.AddRange(batch.Images);
                all.AddRange(batch.Masks);
                batch.Dispose();
            }

            Assert.Equal([3, 3, 1], counts);
            return [.. all];
        }
    }

    [Fact]
    public void Store_refuses_a_mask_of_another_size_and_names_it()
    {
        using var set = TrainingSet.Noise(2, 0, 0);
        using var larger = TrainingSet.Noise(1, 0, 0, size: 48);
        File.Copy(larger["data", "masks", "noise_000.png"], set["data", "masks", "noise_001.png"], overwrite: true);
        var store = new PlaneStore(DatasetContents.Read(set.DataPath, set.SplitPath, CancellationToken.None).Pairs, Size, true, 0);
        store.Get(0);
        var error = Assert.Throws<PhotoException>(() => store.Get(1));
        Assert.Contains("48x48", error.Message, StringComparison.Ordinal);
        Assert.Equal(set["data", "masks", "noise_001.png"], error.Path);
    }

    private static SquarePhoto Rotate(SquarePhoto photo, double degrees)
    {
        var rotated = new SquarePhoto(Size);
        rotated.Planes.AsSpan().Fill(7);
        rotated.Mask.AsSpan().Fill(7);
        Rotation.Apply(photo, degrees, rotated);
        return rotated;
    }

    private static SquarePhoto Noise()
    {
        var photo = new SquarePhoto(Size);
        new Random(3).NextBytes(photo.Planes);
        for (int i = 0; i < photo.Mask.Length; i++) photo.Mask[i] = (byte)(photo.Planes[i] & 1);
        return photo;
    }

    private static (float[] Image, float[] Mask) Apply(TrainingOptions options, SquarePhoto photo, int key = 0)
    {
        float[] image = new float[3 * Size * Size], mask = new float[Size * Size];
        new Augmentation(options).Apply(photo, new PlaneStore([], Size, true, 0), new DeterministicRandom(key, 1), image, mask);
        return (image, mask);
    }
}
