namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>Where a training is recorded.</summary>
public sealed record RunRecorderOptions
{
    /// <summary>Opens the store.</summary>
    public required Func<ITrackingStore> Open { get; init; }

    /// <summary>Address of the store.</summary>
    public required string Address { get; init; }

    /// <summary>Opens the local store that takes a run when a server fails; null when the store is local itself.</summary>
    public Func<ITrackingStore>? OpenLocal { get; init; }

    /// <summary>Name of the experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>Name of the run; null for the name of its folder.</summary>
    public string? RunName { get; init; }

    /// <summary>Tags that are added to each run.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
