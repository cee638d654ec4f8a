using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Evaluation;

/// <summary>Maps scores to the records that cmdlets write.</summary>
public static class MetricsMapper
{
    /// <summary>Dice below which a model has missed the window of a photo.</summary>
    public const double MissedWindowDice = 0.1;

    /// <summary>Creates the record of one photo.</summary>
    public static ImageMetrics ToRecord(PhotoScore score, SegmentationModel model) => new()
    {
        Name = score.Pair.Pair.Name,
        ImagePath = score.Pair.Pair.ImagePath,
        MaskPath = score.Pair.Pair.MaskPath,
        Split = score.Pair.Split,
        Seen = model.Provenance?.HasSeen(score.Pair),
        Dice = score.Scores.Dice,
        IoU = score.Scores.IoU,
        PixelAccuracy = score.Scores.PixelAccuracy,
        Hausdorff = score.Scores.Hausdorff,
        Coverage = score.Coverage,
        Model = model.Name,
        ModelPath = model.Path,
    };

    /// <summary>Creates the summary of one or more photos.</summary>
    public static ModelMetrics ToRecord(
        IReadOnlyList<PhotoScore> scores, IInferenceEngine engine, string dataPath, DatasetSplit? split, TimeSpan duration)
    {
        var summary = ScoreSummary.Average(scores);
        double[] dice = [.. scores.Select(s => s.Scores.Dice).Order()];
        return new ModelMetrics
        {
            Model = engine.Model.Name,
            ModelPath = engine.Model.Path,
            DataPath = dataPath,
            Split = split,
            Photos = scores.Count,
            Dice = summary.Dice,
            IoU = summary.IoU,
            PixelAccuracy = summary.PixelAccuracy,
            Hausdorff = summary.Hausdorff,
            MedianDice = (dice[(dice.Length - 1) / 2] + dice[dice.Length / 2]) / 2,
            WorstTenthDice = ScoreSummary.WorstTenth(dice),
            MissedWindows = dice.Count(d => d < MissedWindowDice),
            Quality = ModelMetrics.Rate(summary.Dice),
            SeenPhotos = engine.Model.Provenance is { } provenance ? scores.Count(s => provenance.HasSeen(s.Pair)) : null,
            ProvenanceKnown = engine.Model.Provenance is not null,
            Size = engine.Size,
            Precision = engine.Precision,
            PhotosPerSecond = scores.Count / duration.TotalSeconds,
            Duration = duration,
        };
    }
}
