namespace WaterMeters.Ops.Machines.Leases;

/// <summary>What the lease object says of the machine. Times are Unix seconds, UTC.</summary>
internal sealed record MachineRecord
{
    /// <summary>Number of the writing, one more each time: no two contents of the object are the same, and so no two ETags.</summary>
    public long Revision { get; init; }

    /// <summary>Whether it is going to power off: nobody takes a lease until it has.</summary>
    public bool IsStopping { get; init; }

    /// <summary>Since when it is open, or stopping.</summary>
    public long Since { get; init; }

    /// <summary>Who wrote that it is stopping: the identifier of a run, or <see cref="Itself"/>; empty when it is open.</summary>
    public string By { get; init; } = "";

    /// <summary>When a client announced that it calls StopInstances; 0: none has.</summary>
    public long StopCall { get; init; }

    /// <summary>The machine's boot, as it wrote last; empty: it has never written.</summary>
    public string Boot { get; init; } = "";

    /// <summary>When the machine wrote last; 0: never.</summary>
    public long Seen { get; init; }

    /// <summary>The EC2 instance; empty: unknown.</summary>
    public string Instance { get; init; } = "";

    /// <summary>The instance whose schedule outside the machine its keeper moves; empty: it moves none.</summary>
    public string Outside { get; init; } = "";

    /// <summary>What a newer version of the module wrote besides: <c>key=value</c>, separated by spaces.</summary>
    public string Extra { get; init; } = "";

    /// <summary>The machine's own name as author.</summary>
    public const string Itself = "machine";
}
