using WaterMeters.Ml.Training;

namespace WaterMeters.Ops.Jobs;

/// <summary>A training on the machine.</summary>
public sealed record RemoteTrainingOptions
{
    /// <summary>The settings; null: those of the job that <see cref="RunId"/> names.</summary>
    public TrainingOptions? Options { get; init; }

    /// <summary>Number of trainings.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The job; null: it follows from the settings and the person.</summary>
    public string? RunId { get; init; }

    /// <summary>Identifier of the instance; null: it is found by its name.</summary>
    public string? InstanceId { get; init; }

    /// <summary>How long the machine is needed at most.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Absolute path of the data set on this computer, whose files need not be there.</summary>
    public required string DataPath { get; init; }

    /// <summary>Absolute path of the split file; null when there is none.</summary>
    public string? SplitPath { get; init; }

    /// <summary>Absolute path of the folder that the run is downloaded to.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Whether a run in that folder may be replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Whether to return when the job has been started.</summary>
    public bool Detach { get; init; }

    /// <summary>Name of the remote in the project's settings; null if they name none.</summary>
    public string? ProjectRemote { get; init; }
}
