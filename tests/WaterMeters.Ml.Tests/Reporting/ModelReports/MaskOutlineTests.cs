using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Reporting.ModelReports;

namespace WaterMeters.Ml.Tests.Reporting.ModelReports;

public class MaskOutlineTests
{
    [Fact]
    public void Of_one_pixel_is_a_diamond_through_the_middles_of_its_edges()
    {
        byte[] mask = new byte[16];
        mask[5] = 1;
        Assert.Equal("M1.5 1L2 1.5L1.5 2L1 1.5Z", MaskOutline.Path(mask, 4, (x, y) => (x, y)));
    }

    [Fact]
    public void Of_an_empty_mask_is_empty_and_of_a_full_one_goes_around_it()
    {
        Assert.Equal("", MaskOutline.Path(new byte[16], 4, (x, y) => (x, y)));
        string path = MaskOutline.Path([.. Enumerable.Repeat((byte)1, 16)], 4, (x, y) => (10 * x, 10 * y));
        Assert.Equal(1, path.Count(letter => letter == 'M'));
        Assert.Equal(7, path.Count(letter => letter == 'L'));
    }

    [Fact]
    public void Encloses_as_much_as_the_mask_holds_less_its_corners() => Prop.ForAll(Gen.Choose(0, 7).ArrayOf(12).ToArbitrary(), sides =>
    {
        // Three rectangles, the last of them cut out.
        byte[] mask = new byte[64];
        for (int number = 0; number < 3; number++)
        {
            int[] of = sides[(4 * number)..(4 * (number + 1))];
            for (int y = Math.Min(of[0], of[1]); y <= Math.Max(of[0], of[1]); y++)
            {
                for (int x = Math.Min(of[2], of[3]); x <= Math.Max(of[2], of[3]); x++) mask[(y * 8) + x] = number == 2 ? (byte)0 : (byte)1;
            }
        }

        // A corner cut off between two edges' middles is an eighth of a pixel: gone where the outline turns outward, won where it turns inward.
        double area = 0, corners = 0;
        foreach (string loop in MaskOutline.Path(mask, 8, (x, y) => (x, y)).Split('Z', StringSplitOptions.RemoveEmptyEntries))
        {
            var points = loop[1..].Split('L').Select(point => point.Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).ToList();
            for (int i = 0; i < points.Count; i++)
            {
                var (a, b) = (points[i], points[(i + 1) % points.Count]);
                area += ((a[0] * b[1]) - (b[0] * a[1])) / 2;
            }
        }

        for (int y = 0; y <= 8; y++)
        {
            for (int x = 0; x <= 8; x++)
            {
                int around = At(x - 1, y - 1) + At(x, y - 1) + At(x - 1, y) + At(x, y);
                bool touch = around == 2 && At(x, y) == At(x - 1, y - 1);
                if (around == 1) corners++;
                else if (around == 3) corners--;
                else if (touch) corners = double.NaN; // joined or not: the outline may turn either way
            }
        }

        return double.IsNaN(corners) || Math.Abs(area - (mask.Sum(pixel => pixel) - (corners / 8))) < 1e-9;

        int At(int x, int y) => (uint)x < 8 && (uint)y < 8 ? mask[(y * 8) + x] : 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_noise_is_bounded()
    {
        byte[] mask = [.. Enumerable.Range(0, 512 * 512).Select(i => (byte)(((i % 512) + (i / 512)) % 2))];
        Assert.InRange(MaskOutline.Path(mask, 512, (x, y) => (x, y)).Length, 1000, 60_000);
    }
}
