namespace WaterMeters;

/// <summary>Result of a training.</summary>
public sealed record TrainingResult
{
    /// <summary>Number of the attempt, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Number of attempts that were made.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Whether this attempt was chosen as the best, on the validation photos alone.</summary>
    public bool IsBest { get; init; } = true;

    /// <summary>Absolute path of the model of the best epoch; the file may be missing when the attempt failed.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Absolute path of the run folder.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Absolute path of the data set folder.</summary>
    public required string DataPath { get; init; }

    /// <summary>Absolute path of the split file; null when none was given.</summary>
    public string? SplitPath { get; init; }

    /// <summary>Absolute path of the checkpoint after the last epoch.</summary>
    public required string CheckpointPath { get; init; }

    /// <summary>Absolute path of metrics.json of the run.</summary>
    public required string MetricsPath { get; init; }

    /// <summary>Why the training ended.</summary>
    public TrainingStop StopReason { get; init; }

    /// <summary>Why the training ended, in a sentence.</summary>
    public string EndReason { get; init; } = "";

    /// <summary>Number of epochs that were run.</summary>
    public int Epochs { get; init; }

    /// <summary>Number of the epoch whose model was kept, from 1; null when no epoch was completed.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Number of training photos.</summary>
    public int TrainingPhotos { get; init; }

    /// <summary>Number of validation photos, which the best epoch was chosen on.</summary>
    public int ValidationPhotos { get; init; }

    /// <summary>Number of test photos; null for an attempt that was not chosen, which is not tested.</summary>
    public int? TestPhotos { get; init; }

    /// <summary>Mean Dice over the validation photos at the model's input size, 0..1; null when it was not measured.</summary>
    public double? ValidationDice { get; init; }

    /// <summary>Mean IoU over the validation photos at the model's input size, 0..1; null when it was not measured.</summary>
    public double? ValidationIoU { get; init; }

    /// <summary>
    /// Rating of the mean Dice: Excellent from 0.85, Good from 0.70, Mediocre from 0.50, otherwise Poor. That of the test photos, or of the
    /// validation photos if the model was not tested; null without either.
    /// </summary>
    public string? Quality => (TestDice ?? ValidationDice) is { } dice and not double.NaN ? ModelMetrics.Rate(dice) : null;

    /// <summary>Mean Dice over the test photos, 0..1; null when it was not measured.</summary>
    public double? TestDice { get; init; }

    /// <summary>Mean IoU over the test photos, 0..1; null when it was not measured.</summary>
    public double? TestIoU { get; init; }

    /// <summary>Mean Hausdorff distance over the test photos, in pixels at the model's input size; null when it was not measured.</summary>
    public double? TestHausdorff { get; init; }

    /// <summary>Random seed of the run.</summary>
    public int Seed { get; init; }

    /// <summary>Numeric precision used: Float32 or BFloat16.</summary>
    public Precision Precision { get; init; }

    /// <summary>Device used: Cpu or Cuda.</summary>
    public ComputeDevice Device { get; init; }

    /// <summary>Training photos per second over the whole run, validation excluded; null when none was trained on.</summary>
    public double? PhotosPerSecond { get; init; }

    /// <summary>Duration of the training.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Verdict of the comparison with the production model; null when none was requested.</summary>
    public ComparisonVerdict? Verdict { get; init; }

    /// <summary>Whether the model passed the gate; null when that was not requested.</summary>
    public bool? Passed { get; init; }

    /// <summary>Why the model passed the gate or not, in sentences; null when that was not requested.</summary>
    public string? GateReason { get; init; }

    /// <summary>Number of the registered version that was put into production; null when the registry was not changed.</summary>
    public int? PromotedVersion { get; init; }

    /// <summary>Absolute path of the production model after promotion; null when the model was not promoted.</summary>
    public string? PromotedPath { get; init; }

    /// <summary>Absolute path of the copy of the replaced production model; null when there was none.</summary>
    public string? ReplacedPath { get; init; }

    /// <summary>Name of the run in the tracking store; null when the training was not recorded.</summary>
    public string? RunName { get; init; }

    /// <summary>Identifier of the run in the tracking store; null when the training was not recorded.</summary>
    public string? RunId { get; init; }

    /// <summary>Address of the tracking store that has the run; null when the training was not recorded.</summary>
    public string? TrackingUri { get; init; }

    /// <summary>Address of the web page of the run; null when there is none.</summary>
    public string? RunUrl { get; init; }
}
