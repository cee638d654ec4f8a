namespace WaterMeters.Ops.Machines.Leases;

/// <summary>
/// The rules of the lease protocol, without clock, network or machine: what each side writes next, from what it has read. The cmdlets use
/// them, and the state search of the tests does. The script on the machine follows <see cref="Keep"/>.
/// </summary>
/// <param name="times">The periods.</param>
internal sealed class LeaseRules(LeaseTimes times)
{
    /// <summary>The periods.</summary>
    public LeaseTimes Times => times;

    /// <summary>Returns whether a lease keeps the machine on.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="boot">The machine's boot.</param>
    /// <param name="now">Unix seconds.</param>
    public bool IsLive(Lease lease, string boot, long now) =>
        now <= lease.Deadline + times.Clocks
        && (lease.Boot.Length == 0 || lease.Boot == boot)
        && (!lease.IsJob || now <= (lease.Heartbeat == 0 ? lease.Taken + times.FirstHeartbeat : lease.Heartbeat + times.Heartbeat));

    /// <summary>Returns the leases that keep the machine on, but that of an identifier.</summary>
    public IEnumerable<Lease> LiveOthers(LeaseDocument document, string id, long now) =>
        document.Leases.Where(lease => lease.Id != id && IsLive(lease, document.Machine.Boot, now));

    /// <summary>Returns whether a call of StopInstances may still be under way.</summary>
    public bool IsCallUnderWay(MachineRecord machine, long now) => machine.StopCall != 0 && now < machine.StopCall + times.Settle;

    /// <summary>Takes a lease, or renews that of the same identifier, before the machine is started or while it runs.</summary>
    /// <param name="document">The document as it was read, before EC2 was asked.</param>
    /// <param name="wanted">The lease; taken and confirmed are set here.</param>
    /// <param name="isOff">Whether EC2 says that the instance is stopped.</param>
    /// <param name="now">Unix seconds.</param>
    /// <returns>
    /// The document to write; null while the machine is stopping, or a call of StopInstances may still be under way: wait, and read again.
    /// </returns>
    public LeaseDocument? Take(LeaseDocument document, Lease wanted, bool isOff, long now)
    {
        var machine = document.Machine;
        if (machine.IsStopping)
        {
            if (!isOff || IsCallUnderWay(machine, now)) return null;
            machine = Open(machine, now);
        }

        // A new deadline is not promised before the machine has confirmed it: until then it may go by the old one.
        // A job that is started again has the time for its first heartbeat again.
        var old = document.Find(wanted.Id);
        var lease = wanted with
        {
            Taken = !wanted.IsJob && old?.Taken is > 0 and var taken ? taken : now,
            Heartbeat = 0,
            Boot = "",
            IsConfirmed = false,
            Extra = old?.Extra ?? wanted.Extra,
        };
        return (document with { Machine = machine }).With(lease).Next();
    }

    /// <summary>Returns whether a lease may be promised: the machine runs, and has confirmed it in this boot.</summary>
    public static bool IsReady(LeaseDocument document, string id) =>
        !document.Machine.IsStopping && document.Find(id) is { IsConfirmed: true } lease && lease.Boot == document.Machine.Boot;

    /// <summary>
    /// Releases a lease; if no other is live, the same writing says that the machine is stopping. EC2 is not asked first: this is the one
    /// call that a step has time for when it is being cancelled.
    /// </summary>
    /// <param name="document">The document as it was read.</param>
    /// <param name="id">Identifier of the lease; one that is not there is released already.</param>
    /// <param name="force">Whether the other leases are removed too.</param>
    /// <param name="now">Unix seconds.</param>
    /// <returns>The document to write; the same one when there is nothing to write.</returns>
    public LeaseDocument Release(LeaseDocument document, string id, bool force, long now)
    {
        var next = force ? document with { Leases = [] } : document.Without(id);
        if (!document.Machine.IsStopping && !LiveOthers(next, id, now).Any())
        {
            next = next with { Machine = document.Machine with { IsStopping = true, Since = now, By = id, StopCall = 0 } };
        }

        return next.Leases.Length == document.Leases.Length && next.Machine == document.Machine ? document : next.Next();
    }

    /// <summary>
    /// Announces a call of StopInstances, for a machine that does not power off by itself. Call it only after this was written, and at
    /// most <see cref="LeaseTimes.Call"/> seconds after <paramref name="now"/>.
    /// </summary>
    /// <returns>The document to write; null if the machine is not stopping any more, or is given more time.</returns>
    public LeaseDocument? AnnounceCall(LeaseDocument document, string id, long now)
    {
        var machine = document.Machine;
        return machine.IsStopping && now >= machine.Since + times.PowerOff && !LiveOthers(document, id, now).Any()
            ? (document with { Machine = machine with { By = id, StopCall = now } }).Next() : null;
    }

    /// <summary>Decides what the machine does in a pass of its keeper.</summary>
    /// <param name="document">What S3 holds or, if it does not answer, what the keeper last read or was about to write.</param>
    /// <param name="state">The machine.</param>
    /// <param name="now">Unix seconds, by the machine's clock.</param>
    public KeeperDecision Keep(LeaseDocument document, KeeperState state, long now)
    {
        var machine = document.Machine;
        bool isFirst = machine.Boot != state.Boot;
        if (machine.IsStopping && isFirst)
        {
            // It was stopped in an earlier boot, and somebody has started it. A call of StopInstances of then may still arrive.
            if (IsCallUnderWay(machine, now)) return new KeeperDecision(document, false);
            machine = Open(machine, now);
        }

        var next = Adopt(document with { Machine = machine }, state, now);
        bool isBusy = next.Leases.Any(lease => IsLive(lease, state.Boot, now))
            || (!machine.IsStopping && (state.Uptime < times.BootGrace || state.SetupAge < times.Setup));
        if (isBusy)
        {
            return new KeeperDecision(next == document || Same(next, document) ? document : next.Next(), false);
        }

        if (machine.IsStopping) return new KeeperDecision(document, true);
        next = next with { Machine = next.Machine with { IsStopping = true, Since = now, By = MachineRecord.Itself, Seen = now } };
        return new KeeperDecision(next.Next(), true);
    }

    /// <summary>Confirms what the machine has not seen yet, removes what an earlier boot left, and copies the heartbeats.</summary>
    private LeaseDocument Adopt(LeaseDocument document, KeeperState state, long now)
    {
        if (document.Machine.IsStopping) return document;
        bool isNew = document.Machine.Boot != state.Boot;
        var leases = document.Leases
            .Where(lease => lease.Boot.Length == 0 || lease.Boot == state.Boot)
            .Select(lease => lease with
            {
                Boot = state.Boot,
                IsConfirmed = true,
                Heartbeat = Latest(lease, state.Heartbeats?.GetValueOrDefault(lease.Id) ?? 0),
            })
            .ToArray();
        if (!isNew && document.Machine.Outside == state.Outside && leases.SequenceEqual(document.Leases)) return document;
        return document with
        {
            Leases = [.. leases],
            Machine = document.Machine with { Boot = state.Boot, Outside = state.Outside, Seen = now },
        };
    }

    /// <summary>
    /// Copies a heartbeat at most once a minute: every copy is a writing. One from before the job was taken is of an earlier job with the
    /// same identifier.
    /// </summary>
    private long Latest(Lease lease, long seen) =>
        seen >= lease.Heartbeat + 60 && seen >= lease.Taken - times.Clocks ? seen : lease.Heartbeat;

    private static bool Same(LeaseDocument one, LeaseDocument other) =>
        one.Machine == other.Machine && one.Leases.SequenceEqual(other.Leases);

    private static MachineRecord Open(MachineRecord machine, long now) =>
        machine with { IsStopping = false, Since = now, By = "", StopCall = 0 };
}
