using FsCheck;
using FsCheck.Fluent;

namespace WaterMeters.Ml.Tests.Evaluation;

/// <summary>Random masks: noise from empty to full, and blobs such as predictions contain.</summary>
internal static class Masks
{
    private static readonly Gen<(int Width, int Height)> Sizes = Gen.Frequency(
        (4, from width in Gen.Choose(1, 24) from height in Gen.Choose(1, 24) select (width, height)),
        (1, from width in Gen.Choose(60, 200) from height in Gen.Choose(1, 12) select (width, height)));

    public static Arbitrary<TestMask> Any { get; } = Sizes.SelectMany(size => Drawn(size.Width, size.Height)).ToArbitrary();

    public static Arbitrary<(TestMask First, TestMask Second)> Pairs { get; } = (
        from size in Sizes
        from first in Drawn(size.Width, size.Height)
        from second in Drawn(size.Width, size.Height)
        select (first, second)).ToArbitrary();

    private static Gen<TestMask> Drawn(int width, int height) => Gen.OneOf(Noise(width, height), Blobs(width, height));

    private static Gen<TestMask> Noise(int width, int height) =>
        from percent in Gen.Elements(0, 2, 20, 40, 60, 98, 100)
        from values in Gen.Choose(0, 99).ArrayOf(width * height)
        select new TestMask(width, height, [.. values.Select(value => value < percent ? (byte)(1 + value) : (byte)0)]);

    private static Gen<TestMask> Blobs(int width, int height) =>
        from count in Gen.Choose(1, 3)
        from blobs in (
            from x in Gen.Choose(0, width)
            from y in Gen.Choose(0, height)
            from longer in Gen.Choose(1, 20)
            from shorter in Gen.Choose(1, 8)
            from angle in Gen.Choose(-90, 90)
            select (x, y, longer, shorter, angle)).ArrayOf(count)
        select blobs.Aggregate(
            new TestMask(width, height), (mask, blob) => mask.FillRectangle(blob.x, blob.y, blob.longer, blob.shorter, blob.angle));
}
