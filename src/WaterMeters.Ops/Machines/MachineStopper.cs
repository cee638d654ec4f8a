using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Machines;

/// <summary>
/// Releases a lease and, if no other is live, stops the machine. It is written first, in one call; then the machine saves its work and
/// powers off by itself. Only if it does not, EC2 is asked to stop it.
/// </summary>
/// <param name="session">The machine.</param>
/// <param name="options">How.</param>
/// <param name="report">Called with what happens, for a message.</param>
public sealed class MachineStopper(MachineSession session, StopOptions options, Action<string> report)
{
    private readonly Pauses pauses = new(session.Time, options.Timeout);
    private string said = "";

    /// <summary>The leases of others that keep the machine on, for people; null when none does.</summary>
    public string? Others { get; private set; }

    /// <summary>The leases of others that -Force has removed, for people; null when there was none.</summary>
    public string? Removed { get; private set; }

    /// <summary>Stops the machine.</summary>
    /// <returns>The machine as it is then: off, or on because of <see cref="Others"/>.</returns>
    /// <exception cref="InfrastructureException">It does not stop, or AWS refuses.</exception>
    public Infrastructure Stop(CancellationToken stop)
    {
        MachineInstance? instance = null;
        bool isFirst = true, hasCalled = false, isShown = true;
        while (true)
        {
            var read = session.Leases.Read(stop);
            var next = session.Rules.Release(read.Document, options.Run.Id, options.Force, read.Now);
            if (!ReferenceEquals(next, read.Document))
            {
                if (session.Leases.TryWrite(read, next, stop) is not { } written) continue;
                Tell(read, next, isFirst);
                (isFirst, isShown) = (false, false);
                read = written;
            }

            var others = session.Rules.LiveOthers(read.Document, options.Run.Id, read.Now).ToArray();
            Others = others.Length > 0 ? MachineSession.Names(others) : null;
            instance = instance is null ? session.Finder.Find(options.InstanceId, stop) : session.Finder.Get(instance.Id, stop);
            if (!isShown) session.Show(instance, read, stop);
            isShown = true;
            bool isOff = instance.State is not (InfrastructureState.Running or InfrastructureState.Pending or InfrastructureState.Stopping);
            if (isOff || (others.Length > 0 && !read.Document.Machine.IsStopping))
            {
                return session.Describe(instance, read, options.Run);
            }

            if (instance.State == InfrastructureState.Running && !hasCalled) hasCalled = TryCall(instance, read, stop);
            Say($"Waiting until the machine '{instance.Id}' is off ({instance.State}). It powers off even if you do not wait.");
            if (!pauses.Wait(stop))
            {
                throw new InfrastructureException(InfrastructureFault.TimedOut, instance.Id, FormattableString.Invariant(
                    $"The machine '{instance.Id}' is not off after {pauses.Elapsed.TotalMinutes:0} min ({instance.State}). ")
                    + "Stop it in the AWS console, and check its log (journalctl --unit wms-keeper).");
            }
        }
    }

    /// <summary>
    /// Asks EC2 to stop a machine that does not power off by itself; announced first, see docs/decisions/machine-lease.md.
    /// </summary>
    private bool TryCall(MachineInstance instance, LeaseReading read, CancellationToken stop)
    {
        if (session.Rules.AnnounceCall(read.Document, options.Run.Id, read.Now) is not { } next) return false;
        long before = session.Time.GetTimestamp();
        if (session.Leases.TryWrite(read, next, stop) is not { } written) return false;
        long call = session.Rules.Times.Call;
        if (written.Now - next.Machine.StopCall > call || session.Time.GetElapsedTime(before).TotalSeconds > call) return false;
        report($"The machine '{instance.Id}' does not power off by itself: EC2 is asked to stop it.");
        return session.Control.Stop(instance.Id, stop);
    }

    private void Tell(LeaseReading read, LeaseDocument next, bool isFirst)
    {
        if (read.Document.Find(options.Run.Id) is not null) report($"The lease '{options.Run.Id}' is released.");
        else if (isFirst) report($"There was no lease '{options.Run.Id}' (released already, or of another session).");
        if (!options.Force) return;
        var removed = read.Document.Leases.Where(lease => lease.Id != options.Run.Id && next.Find(lease.Id) is null).ToArray();
        if (removed.Length > 0) Removed = MachineSession.Names(removed);
    }

    private void Say(string message)
    {
        if (message == said) return;
        said = message;
        report(message);
    }
}
