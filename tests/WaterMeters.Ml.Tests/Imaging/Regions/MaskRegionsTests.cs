using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Imaging.Regions;
using WaterMeters.Ml.Tests.Evaluation;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Imaging.Regions;

public class MaskRegionsTests
{
    [Fact]
    public void Finds_the_same_regions_as_a_flood_fill()
    {
        var regions = new MaskRegions();
        Prop.ForAll(Masks.Any, mask =>
        {
            var shape = regions.Measure(mask.Pixels, mask.Width, mask.Height);
            var filled = FloodFill(mask);
            if (shape.Regions != filled.Count || shape.ForegroundPixels != mask.Foreground().Count()) return false;
            if (filled.Count == 0) return shape == default;

            // MaxBy takes the first of several, and the fill starts from each region's first pixel in reading order.
            var largest = filled.MaxBy(region => region.Count)!;
            int left = largest.Min(p => p.X), top = largest.Min(p => p.Y);
            return (shape.X, shape.Y) == (left, top)
                && shape.BoxWidth == largest.Max(p => p.X) + 1 - left
                && shape.BoxHeight == largest.Max(p => p.Y) + 1 - top;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Finds_the_smallest_rectangle_over_all_angles() =>
        Prop.ForAll(Masks.Any, mask =>
        {
            var shape = Measure(mask);
            if (shape.Regions == 0) return true;

            var corners = Corners(FloodFill(mask).MaxBy(region => region.Count)!);
            double smallest = Enumerable.Range(0, 900).Min(step => AreaAt(corners, step / 10.0));
            double area = shape.RectWidth * shape.RectHeight;
            return Contains(shape, corners)
                && area <= smallest * (1 + 1e-9)
                && shape.RectWidth >= shape.RectHeight
                && shape.Angle is > -90 and <= 90;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Moves_with_the_mask_and_keeps_its_shape() =>
        Prop.ForAll(Masks.Any, mask =>
        {
            var here = Measure(mask);
            var there = Measure(mask.Pad(5, 70, 3, 0));
            return here.Regions == 0
                ? there == default
                : there with { X = 0, Y = 0, CentreX = 0, CentreY = 0 } == here with { X = 0, Y = 0, CentreX = 0, CentreY = 0 }
                    && (there.X, there.Y) == (here.X + 5, here.Y + 70)
                    && Math.Abs(there.CentreX - here.CentreX - 5) < 1e-9
                    && Math.Abs(there.CentreY - here.CentreY - 70) < 1e-9;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-10)]
    [InlineData(33)]
    [InlineData(-71)]
    [InlineData(89)]
    public void Measures_position_size_and_angle_of_a_drawn_window(double angle)
    {
        var shape = Measure(new TestMask(300, 280).FillRectangle(150, 130, 200, 50, angle));

        Assert.Equal(1, shape.Regions);
        Assert.Equal(angle, shape.Angle, 1.0);
        Assert.Equal(150, shape.CentreX, 1.0);
        Assert.Equal(130, shape.CentreY, 1.0);
        Assert.Equal(200, shape.RectWidth, 2.5);
        Assert.Equal(50, shape.RectHeight, 2.5);
    }

    [Fact]
    public void Measures_angles_clockwise_on_the_screen()
    {
        var falling = TestMask.Of(
            "##......",
            "####....",
            "..####..",
            "....####",
            "......##");

        Assert.InRange(Measure(falling).Angle, 20, 45);
        Assert.InRange(Measure(falling.MirrorLeftRight()).Angle, -45, -20);
    }

    [Fact]
    public void Measures_90_degrees_for_an_upright_window() =>
        Assert.Equal(90, Measure(new TestMask(20, 40).FillRectangle(10, 20, 6, 30, 0)).Angle);

    [Fact]
    public void Measures_a_rectangle_of_one_by_one_for_one_pixel()
    {
        var mask = new TestMask(9, 7);
        mask[4, 2] = true;

        Assert.Equal(new MaskShape(1, 1, 4, 2, 1, 1, 4.5, 2.5, 1, 1, 0), Measure(mask));
    }

    [Fact]
    public void Is_all_zero_for_an_empty_mask() => Assert.Equal(default, Measure(new TestMask(70, 3)));

    [Fact]
    public void Measures_a_mask_that_fills_the_whole_image() =>
        Assert.Equal(
            new MaskShape(1, 128 * 3, 0, 0, 128, 3, 64, 1.5, 128, 3, 0),
            Measure(new TestMask(128, 3).FillRectangle(64, 1.5, 128, 3, 0)));

    [Fact]
    public void Joins_pixels_that_touch_at_a_corner_and_separates_others()
    {
        Assert.Equal(1, Measure(TestMask.Of("#.", ".#")).Regions);
        Assert.Equal(1, Measure(TestMask.Of(".#", "#.")).Regions);
        Assert.Equal(2, Measure(TestMask.Of("#..", "..#")).Regions);
    }

    [Fact]
    public void Joins_runs_that_meet_in_a_later_row()
    {
        var comb = TestMask.Of(
            "#.#.#.#..#",
            "#.#.#.#..#",
            "#######..#",
            "..........",
            "..........");

        var shape = Measure(comb);

        Assert.Equal(2, shape.Regions);
        Assert.Equal((0, 0, 7, 3), (shape.X, shape.Y, shape.BoxWidth, shape.BoxHeight));
    }

    [Fact]
    public void Measures_the_same_after_a_mask_of_noise()
    {
        // More runs than are kept: every second pixel of every second row.
        var noise = new TestMask(2400, 2000);
        for (int y = 0; y < noise.Height; y += 2)
        {
            for (int x = 0; x < noise.Width; x += 2) noise[x, y] = true;
        }

        var window = new TestMask(300, 280).FillRectangle(150, 130, 200, 50, 33);
        var regions = new MaskRegions();

        Assert.Equal(1200 * 1000, regions.Measure(noise.Pixels, noise.Width, noise.Height).Regions);
        Assert.Equal(Measure(window), regions.Measure(window.Pixels, window.Width, window.Height));
    }

    [Fact]
    public void Finds_one_elongated_window_in_masks_of_real_photos()
    {
        string[] masks = Directory.GetFiles(SharedFolder.Golden("predict"), "*.truth.png");
        Assert.Equal(8, masks.Length);
        foreach (string path in masks)
        {
            var shape = Measure(TestMask.Read(path));

            Assert.Equal(1, shape.Regions);
            Assert.True(shape.RectWidth > 2 * shape.RectHeight, path);
            Assert.InRange(shape.RectWidth * shape.RectHeight, shape.ForegroundPixels, shape.BoxWidth * shape.BoxHeight);
        }
    }

    [Fact]
    public void Rejects_a_mask_of_another_size() =>
        Assert.Throws<ArgumentException>(() => new MaskRegions().Measure(new byte[11], 4, 3));

    private static MaskShape Measure(TestMask mask) => new MaskRegions().Measure(mask.Pixels, mask.Width, mask.Height);

    private static List<List<(int X, int Y)>> FloodFill(TestMask mask)
    {
        var regions = new List<List<(int X, int Y)>>();
        var seen = new HashSet<(int X, int Y)>();
        foreach (var start in mask.Foreground().Where(seen.Add))
        {
            var region = new List<(int X, int Y)> { start };
            for (int i = 0; i < region.Count; i++)
            {
                var (x, y) = region[i];
                for (int k = 0; k < 9; k++)
                {
                    var next = (X: x + (k % 3) - 1, Y: y + (k / 3) - 1);
                    if (mask[next.X, next.Y] && seen.Add(next)) region.Add(next);
                }
            }

            regions.Add(region);
        }

        return regions;
    }

    private static (double X, double Y)[] Corners(IEnumerable<(int X, int Y)> pixels) =>
        [.. pixels.SelectMany(p => new (double, double)[] { (p.X, p.Y), (p.X + 1, p.Y), (p.X, p.Y + 1), (p.X + 1, p.Y + 1) }).Distinct()];

    private static double AreaAt((double X, double Y)[] corners, double angle)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(angle));
        double left = double.MaxValue, right = double.MinValue, top = double.MaxValue, bottom = double.MinValue;
        foreach (var (x, y) in corners)
        {
            double along = (x * cos) + (y * sin), across = (y * cos) - (x * sin);
            (left, right) = (Math.Min(left, along), Math.Max(right, along));
            (top, bottom) = (Math.Min(top, across), Math.Max(bottom, across));
        }

        return (right - left) * (bottom - top);
    }

    private static bool Contains(MaskShape shape, (double X, double Y)[] corners)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(shape.Angle));
        return corners.All(c =>
        {
            double dx = c.X - shape.CentreX, dy = c.Y - shape.CentreY;
            return Math.Abs((dx * cos) + (dy * sin)) <= (shape.RectWidth / 2) + 1e-6
                && Math.Abs((dy * cos) - (dx * sin)) <= (shape.RectHeight / 2) + 1e-6;
        });
    }
}
