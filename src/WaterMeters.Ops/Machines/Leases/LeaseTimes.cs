namespace WaterMeters.Ops.Machines.Leases;

/// <summary>The periods of the lease protocol, in seconds. The machine's script has the same numbers.</summary>
internal sealed record LeaseTimes
{
    /// <summary>The protocol's own periods.</summary>
    public static LeaseTimes Default { get; } = new();

    /// <summary>How far two clocks may differ: a lease lives this much longer than its deadline says.</summary>
    public long Clocks { get; init; } = 120;

    /// <summary>A job whose heartbeat is older than this has ended.</summary>
    public long Heartbeat { get; init; } = 300;

    /// <summary>How long a job may take until its first heartbeat: the machine is set up first.</summary>
    public long FirstHeartbeat { get; init; } = 3600;

    /// <summary>How long the machine stays on after a boot without a lease.</summary>
    public long BootGrace { get; init; } = 600;

    /// <summary>How long a setup counts as work.</summary>
    public long Setup { get; init; } = 45 * 60;

    /// <summary>How long the machine has to power off by itself before a client asks EC2 to stop it.</summary>
    public long PowerOff { get; init; } = 90;

    /// <summary>
    /// How long after a client's call of StopInstances nobody opens again: Amazon refuses a signature of more than 300 seconds ago, a
    /// request is given 60 seconds, and two clocks differ by up to 120.
    /// </summary>
    public long Settle { get; init; } = 480;

    /// <summary>How long after it was announced a client may still call StopInstances.</summary>
    public long Call { get; init; } = 30;
}
