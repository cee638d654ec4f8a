namespace WaterMeters.Ops.Machines;

/// <summary>How the machine is stopped.</summary>
public sealed record StopOptions
{
    /// <summary>Identifier of the instance; null: it is found by its name.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Whose lease is released.</summary>
    public required RunIdentity Run { get; init; }

    /// <summary>Whether the leases of others are removed too.</summary>
    public bool Force { get; init; }

    /// <summary>How long to wait for the machine to be off.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
}
