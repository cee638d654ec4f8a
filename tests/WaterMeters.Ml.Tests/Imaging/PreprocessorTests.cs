using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Imaging;

public class PreprocessorTests
{
    private static readonly Gen<(int Width, int Height, int Size, int Seed)> Cases =
        from width in Gen.Choose(1, 150)
        from height in Gen.Choose(1, 150)
        from size in Gen.Choose(16, 90)
        from seed in Gen.Choose(0, int.MaxValue)
        select (width, height, size, seed);

    [Fact]
    public void Resizes_like_the_scalar_filter_with_and_without_AVX2() =>
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            using var photo = ImageFiles.Noise(c.Width, c.Height, 4, c.Seed);
            byte[] expected = ScalarPreprocessing.Resize(photo, c.Size);
            var vectorized = new byte[expected.Length];
            var portable = new byte[expected.Length];
            new Resampler(c.Size).Run(photo, vectorized);
            new Resampler(c.Size, useAvx2: false).Run(photo, portable);
            return expected.AsSpan().SequenceEqual(vectorized) && expected.AsSpan().SequenceEqual(portable);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(1, 700, 33)]
    [InlineData(900, 1, 18)]
    [InlineData(2, 3, 64)]
    [InlineData(16, 16, 16)]
    [InlineData(16, 500, 16)]
    [InlineData(511, 513, 512)]
    [InlineData(3000, 40, 17)]
    public void Resizes_extreme_shapes(int width, int height, int size)
    {
        using var photo = ImageFiles.Noise(width, height, 4, width + height);
        var planes = new byte[3 * size * size];
        new Preprocessor(size).Resize(photo, planes);
        Assert.Equal(ScalarPreprocessing.Resize(photo, size), planes);
    }

    [Fact]
    public void Keeps_a_constant_image_constant() =>
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            using var photo = Raster.Rent(c.Width, c.Height, 4);
            byte value = (byte)c.Seed;
            photo.Pixels.Fill(value);
            var planes = new byte[3 * c.Size * c.Size];
            new Preprocessor(c.Size).Resize(photo, planes);
            return planes.All(v => v == value);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Normalises_like_the_scalar_formulas() =>
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            var random = new Random(c.Seed);
            var planes = new byte[3 * c.Size * c.Size];
            random.NextBytes(planes);

            // Sometimes few distinct values, so that percentiles fall on and next to steps.
            int low = random.Next(200), span = random.Next(1, 256 - low);
            for (int i = 0; i < planes.Length; i++) planes[i] = (byte)(low + (planes[i] % span));
            byte[] expected = ScalarPreprocessing.Normalize(planes, c.Size);
            new Preprocessor(c.Size).Normalize(planes);
            return expected.AsSpan().SequenceEqual(planes);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Divides_by_255_exactly()
    {
        var bytes = new byte[3 * 17 * 17];
        new Random(4).NextBytes(bytes);
        for (int v = 0; v < 256; v++) bytes[v] = (byte)v;
        var floats = new float[bytes.Length + 1];

        Preprocessor.ToFloat(bytes, floats);

        Assert.Equal(bytes.Select(v => v / 255f), floats[..^1]);
        Assert.Equal(0f, floats[^1]);
    }

    [Fact]
    public void Allocates_nothing_from_the_second_photo_on()
    {
        using var first = ImageFiles.Noise(400, 333, 4, 1);
        using var second = ImageFiles.Noise(333, 400, 4, 2);
        var preprocessor = new Preprocessor(64);
        var planes = new byte[preprocessor.PlanesLength];
        var floats = new float[planes.Length];
        preprocessor.Run(first, planes);
        preprocessor.Run(second, planes);
        Preprocessor.ToFloat(planes, floats);

        long before = GC.GetAllocatedBytesForCurrentThread();
        preprocessor.Run(first, planes);
        preprocessor.Run(second, planes);
        Preprocessor.ToFloat(planes, floats);
        long after = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(0, after - before);
    }

    [Fact]
    public void Gives_the_same_result_after_other_photos()
    {
        using var photo = ImageFiles.Noise(120, 80, 4, 1);
        using var other = ImageFiles.Noise(70, 210, 4, 2);
        var used = new Preprocessor(48);
        var expected = new byte[used.PlanesLength];
        var actual = new byte[used.PlanesLength];
        new Preprocessor(48).Run(photo, expected);

        used.Run(other, actual);
        used.Run(photo, actual);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Scales_masks_by_the_floor_of_the_scaled_index() =>
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            using var mask = ImageFiles.Noise(c.Width, c.Height, 1, c.Seed);
            var small = new byte[c.Size * c.Size];
            Preprocessor.ResizeMask(mask, c.Size, small);
            using var back = Raster.Rent(c.Width, c.Height, 1);
            Preprocessor.ScaleMask(small, c.Size, back);

            for (int y = 0; y < c.Size; y++)
            {
                for (int x = 0; x < c.Size; x++)
                {
                    byte source = mask.Pixels[(Index(y, c.Height, c.Size) * c.Width) + Index(x, c.Width, c.Size)];
                    if (small[(y * c.Size) + x] != (source >= 127 ? 1 : 0)) return false;
                }
            }

            for (int y = 0; y < c.Height; y++)
            {
                for (int x = 0; x < c.Width; x++)
                {
                    byte source = small[(Index(y, c.Size, c.Height) * c.Size) + Index(x, c.Size, c.Width)];
                    if (back.Pixels[(y * c.Width) + x] != 255 * source) return false;
                }
            }

            return true;

            static int Index(int target, int from, int to) => Math.Min((int)Math.Floor(target * ((double)from / to)), from - 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Treats_127_as_foreground_and_126_as_background()
    {
        using var mask = Raster.Rent(2, 1, 1);
        (mask.Pixels[0], mask.Pixels[1]) = (126, 127);
        var scaled = new byte[16 * 16];
        Preprocessor.ResizeMask(mask, 16, scaled);
        Assert.Equal((0, 0, 1, 1), (scaled[0], scaled[7], scaled[8], scaled[15]));
    }

    [Fact]
    public void Rejects_invalid_sizes_and_lengths()
    {
        using var mask = Raster.Rent(4, 4, 1);
        var preprocessor = new Preprocessor(16);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Preprocessor(15));
        Assert.Throws<ArgumentException>(() => preprocessor.Run(mask, new byte[preprocessor.PlanesLength]));
        Assert.Throws<ArgumentException>(() => preprocessor.Normalize(new byte[5]));
        Assert.Throws<ArgumentException>(() => Preprocessor.ScaleMask(new byte[5], 16, mask));
        Assert.Throws<ArgumentException>(() => Preprocessor.ResizeMask(mask, 16, new byte[5]));
    }
}
