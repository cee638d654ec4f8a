namespace WaterMeters;

/// <summary>A secret of a GitHub repository, and what became of it. Its value is in no property.</summary>
public sealed record RepositorySecret
{
    /// <summary>The repository, as owner/name.</summary>
    public required string Repository { get; init; }

    /// <summary>Name of the secret, as workflows use it.</summary>
    public required string Name { get; init; }

    /// <summary>What became of it.</summary>
    public required SecretOutcome Outcome { get; init; }
}
