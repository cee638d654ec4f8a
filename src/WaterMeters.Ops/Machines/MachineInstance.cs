using Amazon.EC2.Model;

namespace WaterMeters.Ops.Machines;

/// <summary>An instance as EC2 describes it.</summary>
internal sealed record MachineInstance
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Its state.</summary>
    public required InfrastructureState State { get; init; }

    /// <summary>Instance type, such as t3.large.</summary>
    public string Type { get; init; } = "";

    /// <summary>Availability zone.</summary>
    public string Zone { get; init; } = "";

    /// <summary>Public address; null when it has none.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>Address in its network; null when it has none.</summary>
    public string? PrivateAddress { get; init; }

    /// <summary>Whether the public address stays with it while it is off: an Elastic IP, which costs then too.</summary>
    public bool KeepsAddress { get; init; }

    /// <summary>Start of the current or last run; null when it never ran.</summary>
    public DateTime? Launched { get; init; }

    /// <summary>Why the state changed last, such as Server.InsufficientInstanceCapacity; empty: not recorded.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Identifiers of its disks.</summary>
    public IReadOnlyList<string> Disks { get; init; } = [];

    /// <summary>How many of its disks end with it.</summary>
    public int LostDisks { get; init; }

    /// <summary>Whether the instance is on or coming on.</summary>
    public bool IsOn => State is InfrastructureState.Running or InfrastructureState.Pending;

    /// <summary>Reads what EC2 says.</summary>
    public static MachineInstance From(Instance instance) => new()
    {
        Id = instance.InstanceId,
        State = StateOf(instance.State?.Name?.Value),
        Type = instance.InstanceType?.Value ?? "",
        Zone = instance.Placement?.AvailabilityZone ?? "",
        PublicAddress = Text(instance.PublicIpAddress),
        KeepsAddress = (instance.NetworkInterfaces ?? []).Any(
            one => one.Association is { PublicIp.Length: > 0, IpOwnerId: { Length: > 0 } owner } && owner != "amazon"),
        PrivateAddress = Text(instance.PrivateIpAddress),
        Launched = instance.LaunchTime?.ToUniversalTime(),
        Reason = instance.StateReason?.Code ?? "",
        LostDisks = (instance.BlockDeviceMappings ?? []).Count(disk => disk.Ebs?.DeleteOnTermination != false),
        Disks = [.. (instance.BlockDeviceMappings ?? []).Select(disk => disk.Ebs?.VolumeId).OfType<string>()],
    };

    /// <summary>Reads the name of a state.</summary>
    public static InfrastructureState StateOf(string? name) => name switch
    {
        "pending" => InfrastructureState.Pending,
        "running" => InfrastructureState.Running,
        "stopping" => InfrastructureState.Stopping,
        "stopped" => InfrastructureState.Stopped,
        "shutting-down" => InfrastructureState.ShuttingDown,
        _ => InfrastructureState.Terminated,
    };

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
