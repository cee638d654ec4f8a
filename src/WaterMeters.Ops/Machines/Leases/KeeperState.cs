namespace WaterMeters.Ops.Machines.Leases;

/// <summary>What the keeper knows of its machine.</summary>
/// <param name="Boot">Identifier of the boot.</param>
/// <param name="Uptime">Seconds since the boot.</param>
internal sealed record KeeperState(string Boot, long Uptime)
{
    /// <summary>Seconds since the setup of the machine began; the largest number when none is running.</summary>
    public long SetupAge { get; init; } = long.MaxValue;

    /// <summary>The instance whose schedule outside the machine the keeper moves; empty: none.</summary>
    public string Outside { get; init; } = "";

    /// <summary>Unix seconds of the last sign of life of each job, by the identifier of its lease; null: there are none.</summary>
    public IReadOnlyDictionary<string, long>? Heartbeats { get; init; }
}

/// <summary>What the keeper does next.</summary>
/// <param name="Document">What it writes; the document it was given when there is nothing to write.</param>
/// <param name="PowersOff">
/// Whether it powers off: after the writing has succeeded, or at once when S3 does not answer. Another writing in between: read again.
/// </param>
internal sealed record KeeperDecision(LeaseDocument Document, bool PowersOff);
