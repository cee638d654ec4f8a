using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Tests.Datasets.Duplicates;

public class PerceptualHashTests
{
    [Fact]
    public void The_hash_after_a_symmetry_is_the_hash_of_the_transformed_image()
    {
        var random = new Random(5);
        foreach (int _ in Enumerable.Range(0, 20))
        {
            byte[] grey = Smooth(random);
            foreach (var symmetry in Symmetry.All)
            {
                var turned = new byte[Thumbnail.Area];
                symmetry.Apply<byte>(grey, Thumbnail.Side, turned);
                Assert.Equal(PerceptualHash.Compute(turned), PerceptualHash.Compute(grey).After(symmetry));
            }
        }
    }

    [Fact]
    public void There_are_eight_symmetries_and_each_is_undone_by_its_inverse()
    {
        byte[] grid = [.. Enumerable.Range(0, 9).Select(i => (byte)i)];
        var all = new HashSet<string>();
        foreach (var symmetry in Symmetry.All)
        {
            byte[] there = new byte[9], back = new byte[9];
            symmetry.Apply<byte>(grid, 3, there);
            symmetry.Inverse().Apply<byte>(there, 3, back);
            Assert.Equal(grid, back);
            all.Add(string.Join(' ', there));
        }

        Assert.Equal(8, all.Count);
        Assert.Equal(default, Symmetry.All[0]);
    }

    [Theory]
    [InlineData(90, "6 3 0 7 4 1 8 5 2")]
    [InlineData(180, "8 7 6 5 4 3 2 1 0")]
    [InlineData(270, "2 5 8 1 4 7 0 3 6")]
    public void Describes_a_clockwise_rotation_by_its_degrees(int degrees, string turned)
    {
        var symmetry = Symmetry.All.Single(s => s.Description == $"rotated by {degrees} degrees");
        var result = new byte[9];
        symmetry.Apply<byte>([0, 1, 2, 3, 4, 5, 6, 7, 8], 3, result);
        Assert.Equal(turned, string.Join(' ', result));
    }

    [Fact]
    public void Ignores_brightness_and_contrast()
    {
        byte[] grey = Smooth(new Random(8));
        Assert.InRange(PerceptualHash.Compute(grey).Distance(PerceptualHash.Compute([.. grey.Select(v => (byte)(40 + (v / 2)))])), 0, 3);
    }

    /// <summary>Returns random waves; no coefficient is so small that rounding decides its sign.</summary>
    internal static byte[] Smooth(Random random)
    {
        var waves = new double[8, 8];
        for (int i = 1; i < 64; i++) waves[i % 8, i / 8] = (random.Next(2) == 0 ? -1 : 1) * (0.4 + random.NextDouble());
        var grey = new byte[Thumbnail.Area];
        for (int i = 0; i < grey.Length; i++)
        {
            double sum = 0, x = i % Thumbnail.Side + 0.5, y = i / Thumbnail.Side + 0.5;
            for (int k = 1; k < 64; k++) sum += waves[k % 8, k / 8] * Wave(k % 8, x) * Wave(k / 8, y);
            grey[i] = (byte)Math.Clamp(128 + (10 * sum), 0, 255);
        }

        return grey;

        static double Wave(int frequency, double position) => Math.Cos(Math.PI * frequency * position / Thumbnail.Side);
    }
}
