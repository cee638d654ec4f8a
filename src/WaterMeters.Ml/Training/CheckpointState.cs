using System.Text.Json;
using System.Text.Json.Serialization;

namespace WaterMeters.Ml.Training;

/// <summary>Everything in a checkpoint but the tensors. The property names are the keys of the checkpoint's JSON.</summary>
internal sealed record CheckpointState
{
    /// <summary>JSON options of the state; infinity is a number here (no best loss yet).</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new StageJsonConverter() },
    };

    /// <summary>Finished epochs.</summary>
    public int Epoch { get; init; }

    /// <summary>Finished steps.</summary>
    public long Step { get; init; }

    /// <summary>State of the learning rate schedule.</summary>
    public double[] Schedule { get; init; } = [];

    /// <summary>Epoch of the best model; 0 before the first.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Image size of the best epoch, pixels.</summary>
    public int BestSize { get; init; }

    /// <summary>Validation loss of the best epoch.</summary>
    public double BestLoss { get; init; } = double.PositiveInfinity;

    /// <summary>Epochs since the best one.</summary>
    public int BadEpochs { get; init; }

    /// <summary>Number of setbacks: returns to the last good epoch after a loss that was not finite.</summary>
    public int Setbacks { get; init; }

    /// <summary>Photos trained on, over all epochs.</summary>
    public long Photos { get; init; }

    /// <summary>Time spent on them.</summary>
    public TimeSpan TrainingTime { get; init; }

    /// <summary>Records of the finished epochs.</summary>
    public IReadOnlyList<EpochRecord> Epochs { get; init; } = [];

    /// <summary>Threads that computed the network: another number adds in another order.</summary>
    public int Threads { get; init; }

    /// <summary>The options of the training, with stages, precision and device chosen.</summary>
    public TrainingOptions? Options { get; init; }

    /// <summary>Digest of the photos.</summary>
    public string DataDigest { get; init; } = "";

    /// <summary>Digest of the split.</summary>
    public string SplitDigest { get; init; } = "";
}
