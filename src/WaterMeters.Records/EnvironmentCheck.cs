namespace WaterMeters;

/// <summary>What this machine has, or lacks, of one thing the module needs.</summary>
public sealed record EnvironmentCheck
{
    /// <summary>What was looked at.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is there.</summary>
    public EnvironmentStatus Status { get; init; }

    /// <summary>What was found.</summary>
    public required string Detail { get; init; }

    /// <summary>What mends it; empty when nothing needs mending.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>The cmdlets that need it, separated by commas.</summary>
    public string NeededBy { get; init; } = "";
}
