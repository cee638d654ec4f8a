using System.Management.Automation;
using WaterMeters.Ops.Machines;

namespace WaterMeters.PowerShell.Commands.Infrastructure;

/// <summary>Releases the lease of this run, and stops the machine if nobody else uses it.</summary>
/// <remarks>
/// <para>The lease is released in one call, which comes first. If no other lease is alive, the same call tells the machine to save its work
/// and power off, and the cmdlet waits until it is off; the machine does so even if nobody waits. A machine that does not power off by
/// itself is stopped through EC2 after a while.</para>
/// <para>While somebody else has a lease, the machine stays on, and a warning says who has it until when. -Force ends the leases of the
/// others too, and says whose.</para>
/// <para>Releasing a lease that is not there is no error, so a clean-up step can always run. In another session than the one that started
/// the machine, use the -RunId of that run.</para>
/// </remarks>
/// <example><para>Release the lease, and stop the machine if nobody else uses it.</para>
/// <code>Stop-WmsInfrastructure -BucketName meters-lease</code></example>
/// <example><para>Show what would happen to the machine and to the leases of others.</para>
/// <code>Stop-WmsInfrastructure -Force -BucketName meters-lease -WhatIf</code></example>
/// <seealso href="about_WaterMeters_Infrastructure"/>
/// <seealso cref="StartWmsInfrastructureCommand"/>
/// <seealso cref="GetWmsInfrastructureCommand"/>
[Cmdlet(VerbsLifecycle.Stop, "WmsInfrastructure", SupportsShouldProcess = true)]
[OutputType(typeof(WaterMeters.Infrastructure))]
public sealed class StopWmsInfrastructureCommand : InfrastructureCmdlet
{
    /// <summary>Ends the leases of others too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override void Process(MachineSession session, string? instanceId)
    {
        var run = Run;
        if (IsWhatIf)
        {
            if (Read(session, instanceId) is not { } machine) return;
            int others = machine.LeaseCount - (machine.OwnDeadline is null ? 0 : 1);
            ShouldProcess($"{machine.MachineName} {machine.InstanceId} ({machine.State})", others == 0 ? "Release the lease and stop"
                : Force ? $"End the leases of {machine.LeaseOwner} and stop" : $"Release the lease; {machine.LeaseOwner} keeps it on");
            return;
        }

        // Nothing comes before the release: a cancelled step has seconds.
        if (!ShouldProcess($"{session.Settings.Machine}", Force ? "End all leases and stop" : $"Release the lease '{run.Id}'")) return;
        WaterMeters.Infrastructure? stopped = null;
        MachineStopper? stopper = null;
        RunOnWorker(worker =>
        {
            stopper = new MachineStopper(session, new StopOptions { InstanceId = instanceId, Run = run, Force = Force },
                Reporter(worker, $"Stopping {session.Settings.Machine}"));
            stopped = stopper.Stop(worker.Stopping);
        });
        if (stopper?.Removed is { } removed) WriteWarning($"Leases of others were ended: {removed}.");
        if (stopper?.Others is { } left) WriteWarning($"The machine stays on for {left}. Use -RunId with that run, or -Force, to end it.");
        if (stopped is not null) WriteObject(stopped);
    }
}
