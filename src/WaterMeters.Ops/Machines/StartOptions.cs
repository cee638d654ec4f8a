namespace WaterMeters.Ops.Machines;

/// <summary>How the machine is started.</summary>
public sealed record StartOptions
{
    /// <summary>Identifier of the instance; null: it is found by its name.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Who takes the lease.</summary>
    public required RunIdentity Run { get; init; }

    /// <summary>What for.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>How long the lease lasts, from now.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Whether a job on the machine keeps the lease alive with its heartbeat.</summary>
    public bool IsJob { get; init; }

    /// <summary>Whether to return only when the machine answers and has confirmed the lease.</summary>
    public bool Wait { get; init; }

    /// <summary>How long to try again when there is no capacity.</summary>
    public TimeSpan RetryFor { get; init; }

    /// <summary>Types to use when there is no capacity for the machine's own, in this order.</summary>
    public IReadOnlyList<string> AlternativeTypes { get; init; } = [];

    /// <summary>Addresses that must answer before the machine counts as ready.</summary>
    public IReadOnlyList<Uri> Services { get; init; } = [];

    /// <summary>
    /// Called with the instance each time that commands reach it and one of <see cref="Services"/> does not answer: opens the way to it.
    /// Returns whether it has just done so. Its exceptions end the start.
    /// </summary>
    public Func<string, CancellationToken, bool> Connect { get; init; } = (_, _) => false;

    /// <summary>How long to wait for the machine altogether, besides <see cref="RetryFor"/>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(20);
}
