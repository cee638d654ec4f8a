namespace WaterMeters;

/// <summary>
/// The machine, who uses it, and what it costs. Costs are in US dollars (USD), before tax, by the prices of PriceDate.
/// </summary>
public sealed record Infrastructure
{
    /// <summary>Identifier of the EC2 instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Name of the machine: the value of its tag wms:machine.</summary>
    public required string MachineName { get; init; }

    /// <summary>State of the instance.</summary>
    public InfrastructureState State { get; init; }

    /// <summary>Whether the machine runs, answers, and has confirmed the lease of this run.</summary>
    public bool IsReady { get; init; }

    /// <summary>Instance type, such as t3.large.</summary>
    public required string InstanceType { get; init; }

    /// <summary>AWS region.</summary>
    public required string Region { get; init; }

    /// <summary>Availability zone.</summary>
    public string Zone { get; init; } = "";

    /// <summary>Public address; null when it has none now.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>Address in its own network; null when it has none.</summary>
    public string? PrivateAddress { get; init; }

    /// <summary>The bucket of its lease.</summary>
    public required string BucketName { get; init; }

    /// <summary>Identifier of this run, which its lease is taken and released by.</summary>
    public string? RunId { get; init; }

    /// <summary>Number of leases that keep the machine on.</summary>
    public int LeaseCount { get; init; }

    /// <summary>Who has these leases, separated by commas; null when there is none.</summary>
    public string? LeaseOwner { get; init; }

    /// <summary>When the last of these leases ends, UTC; null when there is none.</summary>
    public DateTime? LeaseDeadline { get; init; }

    /// <summary>When the lease of this run ends, UTC; null when it has none.</summary>
    public DateTime? OwnDeadline { get; init; }

    /// <summary>When the machine was started, UTC; null while it is off.</summary>
    public DateTime? Launched { get; init; }

    /// <summary>Time since the machine was started; null while it is off.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>USD an hour while it runs: instance, disk and address; null when the price is unknown.</summary>
    public double? HourlyCost { get; init; }

    /// <summary>USD until the lease of this run ends; null without a lease, or when the price is unknown.</summary>
    public double? ExpectedCost { get; init; }

    /// <summary>
    /// USD that this month has cost at least: the disks, an address that stays, and the machine since its last start. What it ran before
    /// that start is not in it. Null when the price is unknown.
    /// </summary>
    public double? MinimumCostThisMonth { get; init; }

    /// <summary>
    /// USD a month of what costs while the machine is off: the disks, and an address that stays; null when the price is unknown.
    /// </summary>
    public double? CostWhileStopped { get; init; }

    /// <summary>The day of the oldest of these prices: of the module's table, or when -Refresh read them from AWS.</summary>
    public DateTime PriceDate { get; init; }
}
