namespace WaterMeters;

/// <summary>A training as the tracking store has it: an MLflow run.</summary>
public sealed record TrackedRun
{
    /// <summary>Name of the run; several runs can have one name.</summary>
    public required string RunName { get; init; }

    /// <summary>Identifier of the run: 32 hexadecimal digits.</summary>
    public required string RunId { get; init; }

    /// <summary>State: Running, Scheduled, Finished, Failed or Killed.</summary>
    public RunStatus Status { get; init; }

    /// <summary>Name of the experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>When the run started.</summary>
    public DateTime Start { get; init; }

    /// <summary>When the run ended; null while it runs.</summary>
    public DateTime? End { get; init; }

    /// <summary>Time from start to end; null while it runs.</summary>
    public TimeSpan? Duration => End - Start;

    /// <summary>Number of the last epoch that was recorded; null without one.</summary>
    public int? Epochs { get; init; }

    /// <summary>Number of the epoch whose model was kept, from 1; null when it is not recorded.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Mean Dice over the validation photos, 0..1; null when it is not recorded.</summary>
    public double? ValidationDice { get; init; }

    /// <summary>Mean IoU over the validation photos, 0..1; null when it is not recorded.</summary>
    public double? ValidationIoU { get; init; }

    /// <summary>Mean Dice over the test photos, 0..1; null when it is not recorded.</summary>
    public double? TestDice { get; init; }

    /// <summary>Mean IoU over the test photos, 0..1; null when it is not recorded.</summary>
    public double? TestIoU { get; init; }

    /// <summary>Mean Hausdorff distance over the test photos, in pixels at the model's input size; null when it is not recorded.</summary>
    public double? TestHausdorff { get; init; }

    /// <summary>
    /// Rating of the Dice on the test photos, or on the validation photos if there is no other: Excellent from 0.85, Good from 0.70,
    /// Mediocre from 0.50, otherwise Poor. Null without either.
    /// </summary>
    public string? Quality => (TestDice ?? ValidationDice) is { } dice and not double.NaN ? ModelMetrics.Rate(dice) : null;

    /// <summary>Whether this attempt was chosen as the best of several; null for a single training.</summary>
    public bool? IsBest { get; init; }

    /// <summary>Why the training ended, in a sentence; null when it is not recorded.</summary>
    public string? EndReason { get; init; }

    /// <summary>Who started the run; null when it is not recorded.</summary>
    public string? User { get; init; }

    /// <summary>Name of the computer that trained; null when it is not recorded.</summary>
    public string? HostName { get; init; }

    /// <summary>Commit of the git repository of the data set; null when it is not recorded.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Digest of the photos; null when it is not recorded.</summary>
    public string? DataDigest { get; init; }

    /// <summary>Digest of the photos and their parts; null when it is not recorded.</summary>
    public string? SplitDigest { get; init; }

    /// <summary>SHA-256 of the model file; null when no model is recorded.</summary>
    public string? ModelDigest { get; init; }

    /// <summary>Folder of the data set on the computer that trained; null when it is not recorded.</summary>
    public string? DataPath { get; init; }

    /// <summary>Folder of the run on the computer that trained; null when it is not recorded.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Absolute path of the model; null unless the folder of the run is on this computer and still holds this run.</summary>
    public string? ModelPath { get; init; }

    /// <summary>Whether the run is in the local store only and waits to be sent to a server with Sync-WmsRun.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>Address of the store that has the run.</summary>
    public required string TrackingUri { get; init; }

    /// <summary>Address of the web page of the run; null if its store has none.</summary>
    public string? RunUrl { get; init; }
}
