using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Tests.Imaging;

namespace WaterMeters.Ml.Tests.Datasets.Facts;

public class BlurEffectTests
{
    private const int Width = 90, Height = 70;

    [Fact]
    public void Grows_with_every_blur_and_ignores_contrast()
    {
        using var noise = ImageFiles.Noise(Width, Height, 1, 3);
        byte[] plane = noise.Pixels.ToArray();
        double before = BlurEffect.Measure(plane, Width, Height);
        double halfContrast = BlurEffect.Measure([.. plane.Select(v => (byte)(v / 2))], Width, Height);
        Assert.InRange(before, 0.05, 0.2);
        Assert.Equal(before, halfContrast, 0.01);
        for (int i = 0; i < 5; i++)
        {
            plane = Blurred(plane, 1);
            plane = Blurred(plane, Width);
            double after = BlurEffect.Measure(plane, Width, Height);
            Assert.True(after > before, $"{after} after {before}");
            before = after;
        }
    }

    [Fact]
    public void Detects_motion_blur_in_one_direction()
    {
        using var noise = ImageFiles.Noise(Width, Height, 1, 3);
        double sharp = BlurEffect.Measure(noise.Pixels, Width, Height);
        byte[] across = noise.Pixels.ToArray(), down = [.. across];
        for (int i = 0; i < 8; i++) (across, down) = (Blurred(across, 1), Blurred(down, Width));
        Assert.True(BlurEffect.Measure(across, Width, Height) > 2 * sharp);
        Assert.True(BlurEffect.Measure(down, Width, Height) > 2 * sharp);
    }

    [Fact]
    public void Equals_the_definition_computed_pixel_by_pixel()
    {
        using var noise = ImageFiles.Noise(Width, Height, 1, 9);
        byte[] plane = Blurred(noise.Pixels.ToArray(), 1);
        Assert.Equal(Math.Max(Slow(plane, true), Slow(plane, false)), BlurEffect.Measure(plane, Width, Height), 1e-9);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 20)]
    [InlineData(5, 2)]
    public void Is_one_for_a_flat_image_of_any_size(int width, int height) =>
        Assert.Equal(1, BlurEffect.Measure(new byte[width * height], width, height));

    private static double Slow(byte[] plane, bool across)
    {
        double all = 0, lost = 0;
        for (int y = across ? 0 : 1; y < Height; y++)
        {
            for (int x = across ? 1 : 0; x < Width; x++)
            {
                int beforeX = across ? x - 1 : x, beforeY = across ? y : y - 1;
                double difference = Math.Abs(plane[(y * Width) + x] - plane[(beforeY * Width) + beforeX]);
                all += difference;
                lost += Math.Max(0, difference - Math.Abs(Mean(x, y) - Mean(beforeX, beforeY)));
            }
        }

        return 1 - (lost / all);

        double Mean(int x, int y) => Enumerable.Range(-4, 9).Average(i => across
            ? plane[(y * Width) + Math.Clamp(x + i, 0, Width - 1)]
            : plane[(Math.Clamp(y + i, 0, Height - 1) * Width) + x]);
    }

    private static byte[] Blurred(byte[] plane, int step) =>
        [.. plane.Select((v, i) => i >= step && i + step < plane.Length ? (byte)((plane[i - step] + (2 * v) + plane[i + step]) / 4) : v)];
}
