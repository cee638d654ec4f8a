using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Evaluation.Metrics;

namespace WaterMeters.Ml.Tests.Evaluation.Metrics;

public class MaskScorerTests
{
    [Fact]
    public void Scores_masks_as_the_legacy_pipeline_does()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.Golden("predict", "scores.json")));
        var scorer = new MaskScorer();
        int photos = 0;
        foreach (var expected in document.RootElement.EnumerateArray())
        {
            string name = Path.GetFileNameWithoutExtension(expected.GetProperty("image").GetString()!);
            var predicted = TestMask.Read(SharedFolder.Golden("predict", name + ".mask.png"));
            var truth = TestMask.Read(SharedFolder.Golden("predict", name + ".truth.png"));

            var scores = scorer.Score(predicted.Pixels, truth.Pixels, predicted.Width, predicted.Height);

            Assert.Equal(expected.GetProperty("dice").GetDouble(), scores.Dice, 1e-12);
            Assert.Equal(expected.GetProperty("iou").GetDouble(), scores.IoU, 1e-12);
            Assert.Equal(expected.GetProperty("pixel_accuracy").GetDouble(), scores.PixelAccuracy, 1e-12);
            Assert.Equal(expected.GetProperty("hausdorff").GetDouble(), scores.Hausdorff);
            Assert.Equal(expected.GetProperty("foreground_pixels").GetInt32(), predicted.Foreground().Count());
            photos++;
        }

        Assert.Equal(8, photos);
    }

    [Fact]
    public void Scores_empty_masks_as_the_legacy_pipeline_does()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.Golden("predict", "edge-scores.json")));
        double Expected(string name) => document.RootElement.GetProperty(name).GetDouble();
        var empty = new TestMask(512, 512);
        var window = new TestMask(512, 512).FillRectangle(256, 256, 30, 10, 0);
        Assert.Equal(300, window.Foreground().Count());

        var bothEmpty = Score(empty, empty);
        var nothingFound = Score(empty, window);
        var nothingThere = Score(window, empty);

        Assert.Equal(Expected("both_empty"), bothEmpty.Hausdorff);
        Assert.Equal(Expected("dice_both_empty"), bothEmpty.Dice);
        Assert.Equal(Expected("iou_both_empty"), bothEmpty.IoU);
        Assert.Equal(Expected("one_empty"), nothingFound.Hausdorff);
        Assert.Equal(Expected("one_empty"), nothingThere.Hausdorff);
        Assert.Equal(Expected("dice_one_empty"), nothingFound.Dice, 1e-20);
        Assert.Equal(Expected("dice_one_empty"), nothingThere.Dice, 1e-20);
    }

    [Fact]
    public void Uses_the_image_diagonal_when_one_mask_is_empty()
    {
        var pixel = new TestMask(30, 40);
        pixel[0, 0] = true;

        Assert.Equal(50, Score(pixel, new TestMask(30, 40)).Hausdorff);
    }

    [Fact]
    public void Computes_the_same_Hausdorff_distance_as_all_pairs_of_pixels()
    {
        var scorer = new MaskScorer();
        Prop.ForAll(Masks.Pairs, pair => Score(pair.First, pair.Second, scorer).Hausdorff == HausdorffByAllPairs(pair.First, pair.Second))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Counts_the_same_pixels_as_set_operations() =>
        Prop.ForAll(Masks.Pairs, pair =>
        {
            var (p, t) = (pair.First.Foreground().ToHashSet(), pair.Second.Foreground().ToHashSet());
            int both = p.Intersect(t).Count();
            int either = p.Union(t).Count();
            int pixels = pair.First.Pixels.Length;
            var scores = Score(pair.First, pair.Second);
            return scores.Dice == ((2 * both) + 1e-6) / (p.Count + t.Count + 1e-6)
                && scores.IoU == (both + 1e-6) / (either + 1e-6)
                && scores.PixelAccuracy == (pixels - (either - both)) / (double)pixels;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Is_symmetric() =>
        Prop.ForAll(Masks.Pairs, pair => Score(pair.First, pair.Second) == Score(pair.Second, pair.First)).QuickCheckThrowOnFailure();

    [Fact]
    public void Scores_a_perfect_prediction_with_1() =>
        Prop.ForAll(Masks.Any, mask => Score(mask, mask) == new MaskScores(1, 1, 1, 0)).QuickCheckThrowOnFailure();

    [Fact]
    public void Allocates_nothing_after_the_first_pair()
    {
        var predicted = new TestMask(300, 200).FillRectangle(100, 80, 90, 30, 20);
        var truth = new TestMask(300, 200).FillRectangle(120, 90, 90, 30, 25);
        var scorer = new MaskScorer();
        var first = scorer.Score(predicted.Pixels, truth.Pixels, 300, 200);

        long before = GC.GetAllocatedBytesForCurrentThread();
        var second = scorer.Score(predicted.Pixels, truth.Pixels, 300, 200);
        long after = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(before, after);
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(11, 12)]
    [InlineData(12, 13)]
    public void Rejects_masks_of_another_size(int predicted, int truth) =>
        Assert.Throws<ArgumentException>(() => new MaskScorer().Score(new byte[predicted], new byte[truth], 4, 3));

    private static MaskScores Score(TestMask predicted, TestMask truth, MaskScorer? scorer = null) =>
        (scorer ?? new MaskScorer()).Score(predicted.Pixels, truth.Pixels, predicted.Width, predicted.Height);

    private static double HausdorffByAllPairs(TestMask first, TestMask second)
    {
        var (a, b) = (first.Foreground().ToArray(), second.Foreground().ToArray());
        if (a.Length == 0 && b.Length == 0) return 0;
        if (a.Length == 0 || b.Length == 0) return Math.Sqrt((first.Width * first.Width) + (first.Height * first.Height));

        return Math.Sqrt(Math.Max(Directed(a, b), Directed(b, a)));
    }

    private static int Directed((int X, int Y)[] from, (int X, int Y)[] to) =>
        from.Max(f => to.Min(t => ((f.X - t.X) * (f.X - t.X)) + ((f.Y - t.Y) * (f.Y - t.Y))));
}
