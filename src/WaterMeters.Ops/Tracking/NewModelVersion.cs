namespace WaterMeters.Ops.Tracking;

/// <summary>A version to be created.</summary>
public sealed record NewModelVersion
{
    /// <summary>Name of the registered model; it must exist.</summary>
    public required string Name { get; init; }

    /// <summary>Folder of the model: <c>runs:/ID/PATH</c>, or an address or path. <c>runs:</c> is resolved before it is stored.</summary>
    public required string Source { get; init; }

    /// <summary>Identifier of the run that made it; empty if there is none.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Text about it.</summary>
    public string Description { get; init; } = "";

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
