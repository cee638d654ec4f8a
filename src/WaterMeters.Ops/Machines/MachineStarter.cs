using WaterMeters.Ops.Machines.Leases;
using WaterMeters.Ops.Machines.Tunnels;

namespace WaterMeters.Ops.Machines;

/// <summary>
/// Starts the machine, whatever state it is in: takes the lease first, then starts the instance, then waits until the machine answers and
/// has confirmed the lease.
/// </summary>
/// <param name="session">The machine.</param>
/// <param name="options">How.</param>
/// <param name="report">Called with what happens, for a message.</param>
public sealed class MachineStarter(MachineSession session, StartOptions options, Action<string> report)
{
    private readonly Pauses pauses = new(session.Time, options.Timeout);
    private bool hasLease, mayHaveLease, isArmed;
    private string said = "";

    /// <summary>Called with what is wrong and does not keep the machine from starting; null: it is reported like the rest.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>
    /// Whether the lease was live already, and is that of a job: it may be running. A start that fails does not release it then.
    /// </summary>
    public bool IsAttached { get; private set; }

    /// <summary>Starts the machine.</summary>
    /// <returns>The machine as it is: ready with <see cref="StartOptions.Wait"/>, otherwise on its way.</returns>
    /// <exception cref="InfrastructureException">
    /// It cannot be started; a lease that was taken is released, unless <see cref="IsAttached"/>.
    /// </exception>
    public Infrastructure Start(CancellationToken stop)
    {
        try
        {
            return Run(stop);
        }
        catch (Exception e) when (mayHaveLease && (!IsAttached || e is OperationCanceledException))
        {
            LeaseRelease.Try(session, options.Run, Say);
            throw;
        }
    }

    private Infrastructure Run(CancellationToken stop)
    {
        var instance = session.Finder.Find(options.InstanceId, stop);
        while (true)
        {
            // The object first, then EC2: if another client starts the machine in between, the writing is refused.
            var read = session.Leases.Read(stop);
            if (hasLease && LeaseRules.IsReady(read.Document, options.Run.Id) && IsAnswering(instance, stop))
            {
                return session.Describe(session.Finder.Get(instance.Id, stop), read, options.Run, isReady: true);
            }

            instance = session.Finder.Get(instance.Id, stop);
            if (instance.State is InfrastructureState.ShuttingDown or InfrastructureState.Terminated)
            {
                throw new InfrastructureException(InfrastructureFault.NotFound, instance.Id,
                    $"The machine '{instance.Id}' was terminated ({instance.State}). Create a new one with terraform, or pass the "
                    + "-InstanceId of another.");
            }

            if (!hasLease || read.Document.Find(options.Run.Id) is null || read.Document.Machine.IsStopping) Take(instance, read, stop);
            if (hasLease && instance.State == InfrastructureState.Stopped) StartInstance(instance, read, stop);
            if (hasLease && !options.Wait && instance.State != InfrastructureState.Stopping)
            {
                instance = session.Finder.Get(instance.Id, stop);
                return session.Describe(instance, session.Leases.Read(stop), options.Run);
            }

            if (!pauses.Wait(stop)) throw TimedOut(instance, read);
        }
    }

    /// <summary>Takes the lease if the machine is open; otherwise it is stopping, and the caller waits.</summary>
    private void Take(MachineInstance instance, LeaseReading read, CancellationToken stop)
    {
        var job = options.IsJob && read.Document.Find(options.Run.Id) is { IsJob: true } old
            && session.Rules.IsLive(old, read.Document.Machine.Boot, read.Now) ? old : null;
        if (!mayHaveLease) IsAttached = job is not null;
        var wanted = new Lease
        {
            Id = options.Run.Id,
            Owner = options.Run.Owner,
            Purpose = options.Purpose,
            Deadline = Math.Max(read.Now + (long)options.For.TotalSeconds, job?.Deadline ?? 0),
            IsJob = options.IsJob,
        };
        if (session.Rules.Take(read.Document, wanted, instance.State == InfrastructureState.Stopped, read.Now) is not { } next)
        {
            hasLease = false;
            Say(instance.State == InfrastructureState.Stopped
                ? FormattableString.Invariant($"EC2 was asked to stop the machine '{instance.Id}', and a request on its way may still ")
                    + FormattableString.Invariant($"arrive. Waiting, at most {session.Rules.Times.Settle / 60} min.")
                : $"The machine '{instance.Id}' is being stopped by {Stopper(read)} ({instance.State}). Waiting until it is off.");
            return;
        }

        mayHaveLease = true; // also when no answer comes: the writing may have arrived
        if (session.Leases.TryWrite(read, next, stop) is not { } written) return;
        hasLease = true;
        pauses.Reset();
        Say(FormattableString.Invariant(
            $"Lease '{options.Run.Id}' taken for {options.For.TotalHours:0.##} h in '{session.Leases.Address}'."));
        session.Show(instance, written, stop);
    }

    private void StartInstance(MachineInstance instance, LeaseReading read, CancellationToken stop)
    {
        Arm(instance, read, stop);
        var capacity = new Pauses(session.Time, options.RetryFor);
        string current = instance.Type;
        while (true)
        {
            foreach (string type in options.AlternativeTypes.Prepend(instance.Type).Distinct(StringComparer.Ordinal))
            {
                try
                {
                    if (type != current)
                    {
                        session.Control.SetType(instance.Id, type, stop);
                        Say($"The machine '{instance.Id}' is now of the type {type}: there is no capacity for {current}.");
                        current = type;
                    }

                    if (session.Control.Start(instance.Id, stop)) Say($"Starting the machine '{instance.Id}' ({type}).");
                    pauses.Extend(capacity.Elapsed);
                    return;
                }
                catch (InfrastructureException e) when (e.Fault == InfrastructureFault.NoCapacity)
                {
                    report($"No capacity for {type} in '{instance.Zone}'.");
                }
            }

            if (!capacity.Wait(stop))
            {
                RestoreType(instance, stop);
                throw NoCapacity(instance);
            }

            Renew(instance, stop);
            if (!hasLease) return; // the machine is being stopped
        }
    }

    /// <summary>Waiting for capacity may take longer than the lease: it gets its whole time again, and so does the schedule.</summary>
    private void Renew(MachineInstance instance, CancellationToken stop)
    {
        var read = session.Leases.Read(stop);
        if (read.Document.Find(options.Run.Id) is { } own && own.Deadline - read.Now >= options.For.TotalSeconds / 2) return;
        Take(instance, read, stop);
        isArmed = false;
        if (hasLease) Arm(instance, read, stop);
    }

    /// <summary>
    /// The machine's own keeper is the first line, so a schedule that cannot be written keeps nobody from starting it.
    /// </summary>
    private void Arm(MachineInstance instance, LeaseReading read, CancellationToken stop)
    {
        if (isArmed || session.Settings.SchedulerRole is null) return;
        isArmed = true;
        if (read.Document.Machine.Outside != instance.Id)
        {
            Say($"No schedule stops the machine '{instance.Id}' from outside, because its keeper moves none.");
            return;
        }

        try
        {
            long own = read.Now + (long)options.For.TotalSeconds;
            long last = read.Document.Leases.Select(lease => lease.Deadline).Append(own).Max();
            new StopSchedule(session).Arm(instance, last, Say, stop);
        }
        catch (InfrastructureException e)
        {
            (Warn ?? report)("The schedule that stops the machine from outside was not written: "
                + $"{e.Message} The machine still powers off by itself.");
        }
    }

    private void RestoreType(MachineInstance instance, CancellationToken stop)
    {
        if (options.AlternativeTypes.Count > 0) session.Control.SetType(instance.Id, instance.Type, stop);
    }

    /// <summary>Whether commands reach the machine, and the services that were named answer.</summary>
    private bool IsAnswering(MachineInstance instance, CancellationToken stop)
    {
        if (!session.Control.IsOnline(instance.Id, stop))
        {
            Say($"The machine '{instance.Id}' is on. Waiting until commands reach it (SSM Online).");
            return false;
        }

        foreach (var service in options.Services)
        {
            if (ServiceCheck.IsAnswering(service, stop)) continue;
            if (options.Connect(instance.Id, stop)) pauses.Reset();
            Say($"Waiting until {service} answers.");
            return false;
        }

        return true;
    }

    private static string Stopper(LeaseReading read) =>
        read.Document.Machine.By is { Length: > 0 } by && by != MachineRecord.Itself ? $"'{by}'" : "itself";

    private InfrastructureException NoCapacity(MachineInstance instance)
    {
        string types = string.Join(", ", options.AlternativeTypes.Prepend(instance.Type));
        string tried = options.RetryFor > TimeSpan.Zero
            ? FormattableString.Invariant($", for {options.RetryFor.TotalMinutes:0} min") : "";
        return new InfrastructureException(InfrastructureFault.NoCapacity, instance.Id,
            $"AWS has no capacity for {types} in '{instance.Zone}', where the disk of '{instance.Id}' is{tried}. "
            + "Try again later, use a longer -RetryFor, or -AlternativeType with another type.");
    }

    private InfrastructureException TimedOut(MachineInstance instance, LeaseReading read) =>
        new(InfrastructureFault.TimedOut, instance.Id, FormattableString.Invariant(
            $"The machine '{instance.Id}' is not ready after {pauses.Elapsed.TotalMinutes:0} min ({instance.State}, ")
            + (read.Document.Machine.IsStopping ? $"being stopped by {Stopper(read)}). Run Stop-WmsInfrastructure, then try again."
                : hasLease && !LeaseRules.IsReady(read.Document, options.Run.Id)
                    ? "and it has not confirmed the lease). Check its log (journalctl --unit wms-keeper), and its role's access to the "
                        + "bucket and to its schedule."
                    : "SSM does not reach it, or a service does not answer). Check its role and its network."));

    private void Say(string message)
    {
        if (message == said) return;
        said = message;
        report(message);
    }
}
