namespace WaterMeters;

/// <summary>What a training left.</summary>
public sealed record TrainingResult
{
    /// <summary>Number of the attempt, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>How many attempts were made.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Whether it is the attempt that was chosen, by the validation photos alone.</summary>
    public bool IsBest { get; init; } = true;

    /// <summary>The model of the best epoch; of an attempt that failed it may be missing.</summary>
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

    /// <summary>Why it ended, in a sentence.</summary>
    public string EndReason { get; init; } = "";

    /// <summary>Epochs that were run.</summary>
    public int Epochs { get; init; }

    /// <summary>The epoch that was kept.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Photos learnt from.</summary>
    public int TrainingPhotos { get; init; }

    /// <summary>Photos the best epoch was chosen by.</summary>
    public int ValidationPhotos { get; init; }

    /// <summary>Photos the figures of the test come from; 0 for an attempt that was not chosen, which is never tested.</summary>
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

    /// <summary>What the comparison with the model in production found; null when none was asked for.</summary>
    public ComparisonVerdict? Verdict { get; init; }

    /// <summary>Whether it passed the gate; null when that was not asked.</summary>
    public bool? Passed { get; init; }

    /// <summary>Why it passed or not, in sentences.</summary>
    public string? GateReason { get; init; }

    /// <summary>The model in production that it became; null when it was not published.</summary>
    public string? PromotedPath { get; init; }

    /// <summary>Where the model is kept that it replaced; null without one.</summary>
    public string? ReplacedPath { get; init; }
}
