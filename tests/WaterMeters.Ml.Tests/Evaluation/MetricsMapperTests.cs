using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Tests.Models;

namespace WaterMeters.Ml.Tests.Evaluation;

public class MetricsMapperTests
{
    private static readonly SegmentationModel Model =
        TestModels.Constant(1, path: "m.safetensors", seen: new ModelProvenance(["h0", "h1"], ["h2"], "", ""));

    [Fact]
    public void Averages_the_scores_of_the_photos()
    {
        double[] dice = [0.9, 0.05, 0.8, 0.95, 0.7, 0.85, 0.99, 0.6, 0.92, 0.88, 0.5];
        var scores = dice.Select((d, i) => Score(i, d)).ToList();
        using var engine = new TorchEngine(Model, Precision.Float32, ComputeDevice.Cpu);

        var report = MetricsMapper.ToRecord(scores, engine, "data", DatasetSplit.Test, TimeSpan.FromSeconds(2));

        Assert.Equal((11, 1, 3, true, 32), (report.Photos, report.MissedWindows, report.SeenPhotos, report.ProvenanceKnown, report.Size));
        Assert.Equal(dice.Average(), report.Dice, 1e-12);
        Assert.Equal(dice.Average() / 2, report.IoU, 1e-12);
        Assert.Equal(0.5, report.PixelAccuracy, 1e-12);
        Assert.Equal(5, report.Hausdorff, 1e-12);
        Assert.Equal(0.85, report.MedianDice, 1e-12);
        Assert.Equal((0.05 + 0.5) / 2, report.WorstTenthDice, 1e-12);
        Assert.Equal(5.5, report.PhotosPerSecond, 1e-12);
        Assert.Equal(
            ("m", "m.safetensors", "Good", (DatasetSplit?)DatasetSplit.Test, Precision.Float32),
            (report.Model, report.ModelPath, report.Quality, report.Split, report.Precision));
    }

    [Fact]
    public void Records_whether_the_model_has_seen_a_photo()
    {
        var seen = MetricsMapper.ToRecord(Score(2, 0.5), Model);
        var unseen = MetricsMapper.ToRecord(Score(3, 0.5), Model);
        Assert.True(seen.Seen);
        Assert.False(unseen.Seen);
        Assert.Equal(
            ("p2", "i2", "m2", 0.5, 0.25, 2.0, 0.1),
            (seen.Name, seen.ImagePath, seen.MaskPath, seen.Dice, seen.IoU, seen.Hausdorff, seen.Coverage));
    }

    [Theory]
    [InlineData(0.85, "Excellent")]
    [InlineData(0.8499, "Good")]
    [InlineData(0.70, "Good")]
    [InlineData(0.6999, "Mediocre")]
    [InlineData(0.50, "Mediocre")]
    [InlineData(0.4999, "Poor")]
    [InlineData(double.NaN, "Poor")]
    public void Rates_Dice_with_the_words_of_the_legacy_pipeline(double dice, string word) =>
        Assert.Equal(word, ModelMetrics.Rate(dice));

    [Fact]
    public void Averages_no_photos_to_NaN() => Assert.True(double.IsNaN(ScoreSummary.Average([]).Dice));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Rejects_logits_that_are_not_finite(float value)
    {
        float[] logits = [1, -1, 0, 1e30f, -1e30f];
        byte[] mask = new byte[5];
        Assert.True(LogitThreshold.Apply(logits, mask, out int foregroundPixels));
        Assert.Equal([1, 0, 0, 1, 0], mask);
        Assert.Equal(2, foregroundPixels);
        logits[2] = value;
        Assert.False(LogitThreshold.Apply(logits, mask, out _));
    }

    private static PhotoScore Score(int i, double dice) =>
        new(
            new HashedPair(new SamplePair($"p{i}", $"i{i}", $"m{i}"), $"h{i}", DatasetSplit.Test),
            new MaskScores(dice, dice / 2, 0.5, i),
            Coverage: 0.1);
}
