namespace WaterMeters.Ops.Tracking;

/// <summary>A run as the store holds it.</summary>
public sealed record Run
{
    /// <summary>Identifier: 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Name; not unique.</summary>
    public required string Name { get; init; }

    /// <summary>Identifier of its experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>State.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Who started it; empty if unknown.</summary>
    public string User { get; init; } = "";

    /// <summary>Address of its artifacts, as the store holds it.</summary>
    public required string ArtifactAddress { get; init; }

    /// <summary>Whether it was deleted; a deleted run can be restored.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Latest value of each metric: highest step, then time, then value.</summary>
    public required IReadOnlyDictionary<string, Metric> Metrics { get; init; }

    /// <summary>Parameters.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>Tags, MLflow's own (<see cref="MlflowTags"/>) included.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}
