namespace WaterMeters;

/// <summary>What a training left.</summary>
public sealed record TrainingResult
{
    /// <summary>The model of the best epoch.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The folder of the run.</summary>
    public required string OutputPath { get; init; }

    /// <summary>The data set it learnt from.</summary>
    public required string DataPath { get; init; }

    /// <summary>The split file, when one was named.</summary>
    public string? SplitPath { get; init; }

    /// <summary>The state after the last epoch.</summary>
    public required string CheckpointPath { get; init; }

    /// <summary>metrics.json of the run.</summary>
    public required string MetricsPath { get; init; }

    /// <summary>Why it ended.</summary>
    public TrainingStop StopReason { get; init; }

    /// <summary>Epochs that were run.</summary>
    public int Epochs { get; init; }

    /// <summary>The epoch that was kept.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Photos learnt from.</summary>
    public int TrainingPhotos { get; init; }

    /// <summary>Photos the best epoch was chosen by.</summary>
    public int ValidationPhotos { get; init; }

    /// <summary>Photos the figures of the test come from.</summary>
    public int TestPhotos { get; init; }

    /// <summary>Mean Dice over the validation photos, at the model's input size.</summary>
    public double ValidationDice { get; init; }

    /// <summary>Mean IoU over the validation photos.</summary>
    public double ValidationIoU { get; init; }

    /// <summary>Mean Dice over the test photos; NaN without any.</summary>
    public double TestDice { get; init; }

    /// <summary>Mean IoU over the test photos; NaN without any.</summary>
    public double TestIoU { get; init; }

    /// <summary>Mean Hausdorff distance over the test photos, pixels of the model's input size; NaN without any.</summary>
    public double TestHausdorff { get; init; }

    /// <summary>Seed of the run.</summary>
    public int Seed { get; init; }

    /// <summary>The numbers it computed with.</summary>
    public Precision Precision { get; init; }

    /// <summary>Where it computed.</summary>
    public ComputeDevice Device { get; init; }

    /// <summary>Training photos a second over the whole run, without validation.</summary>
    public double PhotosPerSecond { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}
