namespace WaterMeters.Ml.Evaluation.Metrics;

/// <summary>Mean scores over photos; NaN without photos.</summary>
public readonly record struct ScoreSummary(int Photos, double Dice, double IoU, double PixelAccuracy, double Hausdorff)
{
    /// <summary>Computes the mean of each score.</summary>
    public static ScoreSummary Average(IEnumerable<PhotoScore> scores)
    {
        double dice = 0, iou = 0, accuracy = 0, hausdorff = 0;
        int photos = 0;
        foreach (var score in scores)
        {
            dice += score.Scores.Dice;
            iou += score.Scores.IoU;
            accuracy += score.Scores.PixelAccuracy;
            hausdorff += score.Scores.Hausdorff;
            photos++;
        }

        return new ScoreSummary(photos, dice / photos, iou / photos, accuracy / photos, hausdorff / photos);
    }

    /// <summary>Returns the mean of the lowest tenth of the scores, rounded up to whole photos; NaN without scores.</summary>
    public static double WorstTenth(IReadOnlyCollection<double> scores) =>
        scores.Count == 0 ? double.NaN : scores.Order().Take((scores.Count + 9) / 10).Average();
}
