namespace WaterMeters.Ops.Tracking;

/// <summary>A version of a registered model.</summary>
public sealed record ModelVersion
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>Version number, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Registry stage.</summary>
    public required RegistryStage Stage { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>Text about it; empty if there is none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Who created it; empty if unknown.</summary>
    public string User { get; init; } = "";

    /// <summary>
    /// Where it was registered from, as the store holds it: an address, a path, <c>runs:/ID/PATH</c> or <c>models:/m-ID</c>.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>Identifier of the run that made it; empty if unknown.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Whether its files are complete; false while a registration is pending or after it failed.</summary>
    public bool IsReady { get; init; } = true;

    /// <summary>Tags; each change of stage is one of them (<see cref="StageHistory"/>).</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Aliases that lead to this version.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }
}
