namespace WaterMeters.Ops.Tracking;

/// <summary>
/// What is logged to a run in one go. The local store writes it in one transaction; a server receives as few requests as its limits
/// allow. A parameter that has another value already is an error; a tag is replaced; an equal metric point is kept once.
/// </summary>
public sealed record RunBatch
{
    /// <summary>Metric values, in any order.</summary>
    public IReadOnlyCollection<Metric> Metrics { get; init; } = [];

    /// <summary>Parameters.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
