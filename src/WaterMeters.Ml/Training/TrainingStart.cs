using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Training;

/// <summary>What a training works with, known before its first step.</summary>
public sealed record TrainingStart
{
    /// <summary>The settings, with the stages, the precision and the device that were chosen.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Number of epochs that the run has already; 0 for a new one.</summary>
    public int EpochsDone { get; init; }

    /// <summary>Digest of the photos' hashes, see <see cref="DatasetContents.Digest"/>.</summary>
    public required string DataDigest { get; init; }

    /// <summary>Digest of the photos' hashes and parts, see <see cref="DatasetContents.SplitDigest"/>.</summary>
    public required string SplitDigest { get; init; }

    /// <summary>Number of photos in each part.</summary>
    public required IReadOnlyDictionary<DatasetSplit, int> Photos { get; init; }

    /// <summary>The validation photos.</summary>
    public IReadOnlyList<string> ValidationPhotos { get; init; } = [];

    /// <summary>Number of libtorch's threads.</summary>
    public int Threads { get; init; }
}
