namespace WaterMeters.Ops.Tracking;

/// <summary>Which runs to list. Deleted runs are never listed.</summary>
public sealed record RunQuery
{
    /// <summary>Identifiers of the experiments; null: all active ones.</summary>
    public IReadOnlyCollection<string>? ExperimentIds { get; init; }

    /// <summary>Only runs with this state; null: any.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>Only runs with this name; null: any.</summary>
    public string? Name { get; init; }

    /// <summary>Only runs that have all of these tags with these values.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Number of runs at most; the store fetches as many pages as that needs. Null: all.</summary>
    public int? Limit { get; init; }
}
