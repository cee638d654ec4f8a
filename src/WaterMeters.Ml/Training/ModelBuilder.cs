using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Training;

/// <summary>Builds the models of a run: weights with the run's settings and provenance.</summary>
/// <param name="options">The options of the run.</param>
/// <param name="data">The data set of the run.</param>
/// <param name="modelPath">Where the run writes its model.</param>
internal sealed class ModelBuilder(TrainingOptions options, DatasetContents data, string modelPath)
{
    /// <summary>Builds a model.</summary>
    /// <param name="weights">All tensors of the network.</param>
    /// <param name="size">Input size, pixels.</param>
    /// <param name="scores">Its final scores; null before they are measured.</param>
    public SegmentationModel Build(IReadOnlyDictionary<string, WeightTensor> weights, int size, TrainingScores? scores = null) => new()
    {
        Path = modelPath,
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
}
