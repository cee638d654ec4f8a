using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Training;

/// <summary>
/// The scores at the end of a run, written into its model and beside it. Measured in float32 whatever it was trained in, as Measure-WmsModel
/// and Compare-WmsModel do.
/// </summary>
internal sealed class FinalScores(TrainingOptions options, DatasetContents data, RunFolder folder, ITrainingObserver observer)
{
    /// <summary>Measures the model of the best epoch.</summary>
    /// <param name="last">The state after the last epoch.</param>
    /// <param name="test">Whether on the test photos too.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    public TrainingScores Measure(Checkpoint last, bool test, CancellationToken cancellation)
    {
        using var engine = Engine(last);
        var validation = Measure(engine, last, DatasetSplit.Validation, "validation", cancellation);
        var scores = TrainingScores.None with { ValidationDice = validation.Dice, ValidationIoU = validation.IoU };
        if (test) scores = Tested(scores, engine, last, cancellation);
        Write(last, scores);
        return scores;
    }

    /// <summary>Measures a model whose validation scores are known on the test photos.</summary>
    public TrainingScores Test(Checkpoint last, TrainingScores known, CancellationToken cancellation)
    {
        using var engine = Engine(last);
        var scores = Tested(known, engine, last, cancellation);
        Write(last, scores);
        return scores;
    }

    /// <summary>The model of these weights, with the scores that are known.</summary>
    public SegmentationModel Model(IReadOnlyDictionary<string, WeightTensor> weights, int size, TrainingScores? scores) => new()
    {
        Path = folder.ModelPath,
        Shape = new UNetShape(options.BaseChannels, size),
        Weights = weights,
        Seed = options.Seed,
        ModuleVersion = options.ModuleVersion,
        Provenance = new ModelProvenance(Hashes(DatasetSplit.Train), Hashes(DatasetSplit.Validation), data.Digest, data.SplitDigest),
        Metrics = scores is null ? new Dictionary<string, double>() : new Dictionary<string, double>
        {
            ["val_dice"] = scores.ValidationDice,
            ["val_iou"] = scores.ValidationIoU,
            ["test_dice"] = scores.TestDice,
            ["test_iou"] = scores.TestIoU,
            ["test_hausdorff"] = scores.TestHausdorff,
        },
    };

    private string[] Hashes(DatasetSplit part) => [.. data.Part(part).Select(p => p.Hash)];

    private IInferenceEngine Engine(Checkpoint last) =>
        InferenceEngines.Create(Model(last.Best, last.State.BestSize, null), Precision.Float32, options.Device);

    private TrainingScores Tested(TrainingScores scores, IInferenceEngine engine, Checkpoint last, CancellationToken cancellation)
    {
        var test = Measure(engine, last, DatasetSplit.Test, "test", cancellation);
        if (data.Part(DatasetSplit.Test).Count == 0) observer.Warn($"No photo of '{options.DataPath}' belongs to the test part, so the model is not tested.");
        return scores with { TestPhotos = test.Photos, TestDice = test.Dice, TestIoU = test.IoU, TestHausdorff = test.Hausdorff };
    }

    private ScoreSummary Measure(IInferenceEngine engine, Checkpoint last, DatasetSplit part, string name, CancellationToken cancellation)
    {
        var photos = data.Part(part);
        observer.Detail($"Measuring the model of epoch {last.State.BestEpoch} on {photos.Count} {name} photos.");
        return ScoreSummary.Average(new ModelEvaluator(engine).Measure(photos, e => observer.Warn(e.Message), cancellation));
    }

    private void Write(Checkpoint last, TrainingScores scores)
    {
        observer.Detail("Writing the model and its scores.");
        ModelFile.Save(Model(last.Best, last.State.BestSize, scores), folder.ModelPath);
        folder.WriteMetrics(scores);
    }
}
