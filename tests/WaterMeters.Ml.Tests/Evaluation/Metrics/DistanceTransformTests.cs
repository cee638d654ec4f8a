using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Evaluation.Metrics;

namespace WaterMeters.Ml.Tests.Evaluation.Metrics;

public class DistanceTransformTests
{
    [Fact]
    public void Computes_the_squared_distance_to_the_nearest_foreground_pixel() =>
        Prop.ForAll(Masks.Any, mask => Transform(new DistanceTransform(), mask).SequenceEqual(ByAllPairs(mask)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Does_not_depend_on_the_previous_mask()
    {
        var transform = new DistanceTransform();

        Prop.ForAll(Masks.Any, mask => Transform(transform, mask).SequenceEqual(ByAllPairs(mask))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Reads_a_rectangle_of_a_larger_mask() =>
        Prop.ForAll(Masks.Any, mask =>
        {
            var surrounded = mask.Pad(3, 2, 5, 1);
            for (int y = 0; y < surrounded.Height; y++) surrounded[1, y] = true;
            var transform = new DistanceTransform();
            transform.Load(surrounded.Pixels.AsSpan((2 * surrounded.Width) + 3), surrounded.Width, mask.Width, mask.Height);
            return Rows(transform, mask).SequenceEqual(ByAllPairs(mask));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Does_not_overflow_on_very_wide_masks()
    {
        var mask = new TestMask(70_000, 1);
        mask[0, 0] = true;

        Assert.Equal(69_999L * 69_999L, Transform(new DistanceTransform(), mask)[^1]);
    }

    [Fact]
    public void Rejects_a_mask_shorter_than_its_size() =>
        Assert.Throws<ArgumentException>(() => new DistanceTransform().Load(new byte[11], 4, 4, 3));

    private static long[] Transform(DistanceTransform transform, TestMask mask)
    {
        transform.Load(mask.Pixels, mask.Width, mask.Width, mask.Height);
        return Rows(transform, mask);
    }

    private static long[] Rows(DistanceTransform transform, TestMask mask)
    {
        long[] squared = new long[mask.Width * mask.Height];
        for (int y = 0; y < mask.Height; y++) transform.SquaredRow(y, squared.AsSpan(y * mask.Width, mask.Width));
        return squared;
    }

    private static long[] ByAllPairs(TestMask mask)
    {
        var foreground = mask.Foreground().ToArray();
        return [.. Enumerable.Range(0, mask.Width * mask.Height).Select(i => Nearest(i % mask.Width, i / mask.Width, foreground))];
    }

    private static long Nearest(int x, int y, (int X, int Y)[] foreground)
    {
        long nearest = DistanceTransform.Nowhere;
        foreach (var (fx, fy) in foreground) nearest = Math.Min(nearest, ((fx - x) * (fx - x)) + ((fy - y) * (fy - y)));
        return nearest;
    }
}
