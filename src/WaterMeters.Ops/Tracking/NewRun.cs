namespace WaterMeters.Ops.Tracking;

/// <summary>A run to be created.</summary>
public sealed record NewRun
{
    /// <summary>Identifier of its experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Name; written to the run and to the tag <c>mlflow.runName</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Who started it; written to the run and to the tag <c>mlflow.user</c> unless <see cref="Tags"/> has that.</summary>
    public string User { get; init; } = "";

    /// <summary>Tags; MLflow's own keys are in <see cref="MlflowTags"/>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
