namespace WaterMeters;

/// <summary>A part of a repository that Initialize-WmsRepository sets up: a folder, a file or the hook.</summary>
public sealed record RepositoryItem
{
    /// <summary>What was done.</summary>
    public required RepositoryItemOutcome Outcome { get; init; }

    /// <summary>The part, relative to the top of the repository, with slashes.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>What it is for, or what was kept.</summary>
    public string Detail { get; init; } = "";
}
