namespace WaterMeters;

/// <summary>State of one thing on this machine that the module needs.</summary>
public sealed record EnvironmentCheck
{
    /// <summary>What was checked.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is present and sufficient.</summary>
    public EnvironmentStatus Status { get; init; }

    /// <summary>What was found, such as a version or a path.</summary>
    public required string Detail { get; init; }

    /// <summary>How to fix it; empty when nothing is wrong.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>Cmdlets that need it, separated by commas.</summary>
    public string NeededBy { get; init; } = "";
}
