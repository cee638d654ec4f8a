using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Training;

/// <summary>Scores of a finished training at the model's input size; NaN where a part has no photos, or was not measured.</summary>
internal sealed record TrainingScores(double ValidationDice, double ValidationIoU, double TestDice, double TestIoU, double TestHausdorff)
{
    /// <summary>Returns a score as records have it: null where nothing was measured.</summary>
    public static double? Known(double score) => double.IsFinite(score) ? score : null;

    /// <summary>No scores.</summary>
    public static TrainingScores None { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>Number of test photos measured; null when they were not.</summary>
    public int? TestPhotos { get; init; }
}

/// <summary>
/// Measures the best model of a run at its end, and writes the scores into the model and metrics.json. Always in float32, as
/// Measure-WmsModel and Compare-WmsModel do.
/// </summary>
internal sealed class FinalEvaluation(TrainingOptions options, DatasetContents data, RunFolder folder, ITrainingObserver observer)
{
    private readonly ModelBuilder models = new(options, data, folder.ModelPath);

    /// <summary>Measures the model of the best epoch on the validation photos.</summary>
    /// <param name="last">The checkpoint of the last epoch.</param>
    /// <param name="includeTest">Whether to measure it on the test photos too.</param>
    /// <param name="cancellation">Checked between two photos.</param>
    public TrainingScores Measure(Checkpoint last, bool includeTest, CancellationToken cancellation)
    {
        using var engine = CreateEngine(last);
        var validation = Measure(engine, last, DatasetSplit.Validation, "validation", cancellation);
        var scores = TrainingScores.None with { ValidationDice = validation.Dice, ValidationIoU = validation.IoU };
        if (includeTest) scores = WithTestScores(scores, engine, last, cancellation);
        Write(last, scores);
        return scores;
    }

    /// <summary>Measures a model on the test photos that was measured on the validation photos before.</summary>
    /// <param name="last">The checkpoint of the last epoch.</param>
    /// <param name="known">The validation scores.</param>
    /// <param name="cancellation">Checked between two photos.</param>
    public TrainingScores MeasureTest(Checkpoint last, TrainingScores known, CancellationToken cancellation)
    {
        using var engine = CreateEngine(last);
        var scores = WithTestScores(known, engine, last, cancellation);
        Write(last, scores);
        return scores;
    }

    private IInferenceEngine CreateEngine(Checkpoint last) =>
        InferenceEngines.Create(models.Build(last.Best, last.State.BestSize), Precision.Float32, options.Device);

    private TrainingScores WithTestScores(TrainingScores scores, IInferenceEngine engine, Checkpoint last, CancellationToken cancellation)
    {
        var test = Measure(engine, last, DatasetSplit.Test, "test", cancellation);
        if (data.Part(DatasetSplit.Test).Count == 0)
        {
            observer.Warn($"The test part of '{options.DataPath}' has no photos, so the model was not tested.");
        }

        return scores with { TestPhotos = test.Photos, TestDice = test.Dice, TestIoU = test.IoU, TestHausdorff = test.Hausdorff };
    }

    private ScoreSummary Measure(
        IInferenceEngine engine, Checkpoint last, DatasetSplit part, string name, CancellationToken cancellation)
    {
        var photos = data.Part(part);
        observer.Verbose($"Measuring the model of epoch {last.State.BestEpoch} on {photos.Count} {name} photos.");
        return ScoreSummary.Average(new ModelEvaluator(engine).Measure(photos, e => observer.Warn(e.Message), cancellation));
    }

    private void Write(Checkpoint last, TrainingScores scores)
    {
        observer.Verbose("Writing the model and its scores.");
        ModelFile.Save(models.Build(last.Best, last.State.BestSize, scores), folder.ModelPath);
        folder.WriteMetrics(scores);
    }
}
