using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ops.Jobs;

/// <summary>What the machine is asked to do. No path in it is of the computer that asks.</summary>
internal sealed record JobRequest
{
    /// <summary>The version of this format.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the format that it was written in.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The settings; their paths are empty.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The choice of the stages, which the settings do not write.</summary>
    public StagePlan Plan { get; init; } = new();

    /// <summary>Number of trainings, with consecutive seeds.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Text of the split file; null when there is none.</summary>
    public string? Split { get; init; }

    /// <summary>The version of the data set.</summary>
    public required JobData Data { get; init; }

    /// <summary>Digest of everything in it: two requests with the same digest ask for the same.</summary>
    public string Digest() => FileHash.ComputeBytes(JobJson.Bytes(this));
}
