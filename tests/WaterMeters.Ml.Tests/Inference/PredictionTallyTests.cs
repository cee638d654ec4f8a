using WaterMeters.Ml.Inference;

namespace WaterMeters.Ml.Tests.Inference;

public class PredictionTallyTests
{
    [Fact]
    public void Counts_the_outcomes_of_a_batch()
    {
        var tally = new PredictionTally();
        (int Regions, double Confidence)[] predictions = [(1, 0.9), (1, 0.8), (3, 0.4), (0, 0)];
        foreach (var (regions, confidence) in predictions)
        {
            tally.Add(new PhotoOutcome(
                "a", new Prediction { ImagePath = "a", Model = "m", ModelPath = "m", Regions = regions, Confidence = confidence }, null));
        }

        tally.Add(new PhotoOutcome("b", null, new PhotoException("b", "damaged")));
        tally.Add(new PhotoOutcome("c", null, null));

        var summary = tally.Summarize();
        Assert.Equal(6, tally.Outcomes);
        Assert.Equal((4, 3, 1, 1), (summary.Photos, summary.Found, summary.NotFound, summary.SeveralRegions));
        Assert.Equal((1, 1), (summary.Failed, summary.Skipped));
        Assert.Equal(0.7, summary.MeanConfidence!.Value, 1e-12);
        Assert.Equal(4 / summary.Duration.TotalSeconds, summary.PhotosPerSecond!.Value, 1e-9);
        Assert.Equal(
            "4 photos: 3 found, 1 not found, 1 with several regions, 1 failed, 1 skipped; mean confidence 0.700; 2.0 photos/s",
            (summary with { PhotosPerSecond = 2 }).ToString());
    }

    [Fact]
    public void Has_no_mean_of_nothing()
    {
        var summary = new PredictionTally().Summarize();
        Assert.Null(summary.MeanConfidence);
        Assert.Null(summary.PhotosPerSecond);
        Assert.Equal("0 photos: 0 found, 0 not found, 0 with several regions", summary.ToString());
    }
}
