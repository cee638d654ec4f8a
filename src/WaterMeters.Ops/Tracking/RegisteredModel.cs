namespace WaterMeters.Ops.Tracking;

/// <summary>A model name with its versions' aliases.</summary>
public sealed record RegisteredModel
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Text about it; empty if there is none.</summary>
    public string Description { get; init; } = "";

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it, or one of its versions, last changed.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>Tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Version number of each alias.</summary>
    public required IReadOnlyDictionary<string, int> Aliases { get; init; }
}
