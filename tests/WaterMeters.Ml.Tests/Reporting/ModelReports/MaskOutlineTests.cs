using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Reporting.ModelReports;

namespace WaterMeters.Ml.Tests.Reporting.ModelReports;

public class MaskOutlineTests
{
    [Fact]
    public void Outlines_one_pixel_as_a_diamond_through_the_midpoints_of_its_edges()
    {
        byte[] mask = new byte[16];
        mask[5] = 1;
        Assert.Equal("M1.5 1L2 1.5L1.5 2L1 1.5Z", MaskOutline.Path(mask, 4, 4, (x, y) => (x, y)));
    }

    [Fact]
    public void Returns_no_outline_for_an_empty_mask_and_one_loop_for_a_full_mask()
    {
        Assert.Equal("", MaskOutline.Path(new byte[16], 4, 4, (x, y) => (x, y)));
        string path = MaskOutline.Path([.. Enumerable.Repeat((byte)1, 16)], 4, 4, (x, y) => (10 * x, 10 * y));
        Assert.Equal(1, path.Count(letter => letter == 'M'));
        Assert.Equal(7, path.Count(letter => letter == 'L'));
    }

    [Fact]
    public void Encloses_the_area_of_the_mask_minus_its_corners() => Prop.ForAll(Gen.Choose(0, 7).ArrayOf(12).ToArbitrary(), sides =>
    {
        // Two rectangles, and a third one that is cut out.
        byte[] mask = new byte[64];
        for (int number = 0; number < 3; number++)
        {
            int[] edges = sides[(4 * number)..(4 * (number + 1))];
            for (int y = Math.Min(edges[0], edges[1]); y <= Math.Max(edges[0], edges[1]); y++)
            {
                for (int x = Math.Min(edges[2], edges[3]); x <= Math.Max(edges[2], edges[3]); x++)
                {
                    mask[(y * 8) + x] = number == 2 ? (byte)0 : (byte)1;
                }
            }
        }

        // A corner between two midpoints is an eighth of a pixel: lost where the outline is convex, gained where it is concave.
        double area = 0, corners = 0;
        foreach (string loop in MaskOutline.Path(mask, 8, 8, (x, y) => (x, y)).Split('Z', StringSplitOptions.RemoveEmptyEntries))
        {
            var points = loop[1..].Split('L').Select(point => point.Split(' ')
                .Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).ToList();
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
                else if (touch) corners = double.NaN; // the outline may join the two pixels or not
            }
        }

        return double.IsNaN(corners) || Math.Abs(area - (mask.Sum(pixel => pixel) - (corners / 8))) < 1e-9;

        int At(int x, int y) => (uint)x < 8 && (uint)y < 8 ? mask[(y * 8) + x] : 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bounds_the_outline_of_noise()
    {
        byte[] mask = [.. Enumerable.Range(0, 512 * 512).Select(i => (byte)(((i % 512) + (i / 512)) % 2))];
        Assert.InRange(MaskOutline.Path(mask, 512, 512, (x, y) => (x, y)).Length, 1000, 60_000);
    }
}
