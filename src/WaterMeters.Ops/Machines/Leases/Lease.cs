namespace WaterMeters.Ops.Machines.Leases;

/// <summary>One client's claim on the machine. Times are Unix seconds, UTC.</summary>
internal sealed record Lease
{
    /// <summary>Identifier of the run that took it; one lease per identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Who took it, for people: user and computer, or the workflow.</summary>
    public string Owner { get; init; } = "";

    /// <summary>What for, for people.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>When it was first taken; that of a job: when it was last taken, from when its first heartbeat is waited for.</summary>
    public long Taken { get; init; }

    /// <summary>When it ends.</summary>
    public long Deadline { get; init; }

    /// <summary>When the job was last seen alive; 0: not yet.</summary>
    public long Heartbeat { get; init; }

    /// <summary>Whether a job on the machine keeps it alive: it ends when the heartbeat does.</summary>
    public bool IsJob { get; init; }

    /// <summary>The boot of the machine that confirmed it; empty: none.</summary>
    public string Boot { get; init; } = "";

    /// <summary>Whether the machine has seen it with this deadline. Only such a lease may be promised to anybody.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>What a newer version of the module wrote besides: <c>key=value</c>, separated by spaces.</summary>
    public string Extra { get; init; } = "";
}
