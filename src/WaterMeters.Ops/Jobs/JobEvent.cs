using WaterMeters.Ml.Training;

namespace WaterMeters.Ops.Jobs;

/// <summary>What happened in a job: a line of its progress. Paths are those of the machine.</summary>
internal sealed record JobEvent
{
    /// <summary>What it is.</summary>
    public required JobEventKind Kind { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>A message, or the folder of the job.</summary>
    public string? Text { get; init; }

    /// <summary>Number of the attempt, and of all attempts.</summary>
    public int Attempt { get; init; }

    /// <summary>Number of attempts.</summary>
    public int Attempts { get; init; }

    /// <summary>With <see cref="JobEventKind.Start"/>.</summary>
    public TrainingStart? Start { get; init; }

    /// <summary>With <see cref="JobEventKind.Start"/>: the machine, as a run says it.</summary>
    public string? Machine { get; init; }

    /// <summary>With <see cref="JobEventKind.Step"/>.</summary>
    public TrainingProgress? Step { get; init; }

    /// <summary>With <see cref="JobEventKind.Epoch"/>.</summary>
    public EpochRecord? Epoch { get; init; }

    /// <summary>With <see cref="JobEventKind.End"/>.</summary>
    public TrainingResult? Result { get; init; }
}

/// <summary>The kinds of events of a job.</summary>
internal enum JobEventKind
{
    /// <summary>The job has started, or continues after an interruption; with its folder.</summary>
    Opened,

    /// <summary>Messages that follow are about one of several attempts.</summary>
    Attempt,

    /// <summary>A training starts.</summary>
    Start,

    /// <summary>A step has ended.</summary>
    Step,

    /// <summary>An epoch has ended.</summary>
    Epoch,

    /// <summary>A training has ended.</summary>
    End,

    /// <summary>A detail.</summary>
    Verbose,

    /// <summary>A message.</summary>
    Information,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>The job has stopped because it was asked to.</summary>
    Stopped,

    /// <summary>A kind that a newer version has added; it is passed over.</summary>
    Unknown,
}
