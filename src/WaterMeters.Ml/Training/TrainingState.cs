using System.Text.Json;
using System.Text.Json.Serialization;

namespace WaterMeters.Ml.Training;

/// <summary>The numbers of a checkpoint.</summary>
internal sealed record TrainingState
{
    /// <summary>How it is written: infinity is a number here (no best loss yet).</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new StageJsonConverter() },
    };

    /// <summary>Epochs that are finished.</summary>
    public int Epoch { get; init; }

    /// <summary>Steps that are made.</summary>
    public long Step { get; init; }

    /// <summary>What the schedule keeps.</summary>
    public double[] Schedule { get; init; } = [];

    /// <summary>Epoch of the best model; 0 before the first.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Image size of the best epoch, pixels.</summary>
    public int BestSize { get; init; }

    /// <summary>Validation loss of the best epoch.</summary>
    public double BestLoss { get; init; } = double.PositiveInfinity;

    /// <summary>Epochs since the best one.</summary>
    public int BadEpochs { get; init; }

    /// <summary>How often training went back after a loss that was not finite.</summary>
    public int Setbacks { get; init; }

    /// <summary>Photos trained on, over all epochs.</summary>
    public long Photos { get; init; }

    /// <summary>Time spent on them.</summary>
    public TimeSpan TrainingTime { get; init; }

    /// <summary>The finished epochs.</summary>
    public IReadOnlyList<EpochRecord> Epochs { get; init; } = [];

    /// <summary>Threads that the network was computed with: another number adds in another order.</summary>
    public int Threads { get; init; }

    /// <summary>The options it was made with; stages, precision and device are the chosen ones.</summary>
    public TrainingOptions? Options { get; init; }

    /// <summary>Digest of the photos.</summary>
    public string DataDigest { get; init; } = "";

    /// <summary>Digest of the assignment of photos to parts.</summary>
    public string SplitDigest { get; init; } = "";
}
