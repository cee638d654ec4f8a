using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Machines;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

// The machine that the registry runs on, if wms.yaml says that it does: docs/decisions/machine-lease.md.
public sealed partial class SyncWmsModelCommand
{
    private static readonly TimeSpan ForSync = TimeSpan.FromMinutes(30), ForKeep = TimeSpan.FromHours(2);

    private const string NotStarted = "The machine of the registry was not started.",
        NotReached = "The registry on the machine was not reached.";

    private MachineUse? machine;
    private WaterMeters.Infrastructure? found;

    /// <summary>Leaves the machine of the registry on for two hours, if it was started for this.</summary>
    [Parameter]
    public SwitchParameter Keep { get; set; }

    /// <summary>Stops the machine of the registry at the end, if nobody else uses it; also one that was on already.</summary>
    [Parameter]
    public SwitchParameter Stop { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Keep && Stop)
        {
            ThrowTerminatingError(WmsErrors.From(new SettingsException(
                nameof(Keep), "-Keep and -Stop exclude each other. Pass one of them, or neither.")));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (machine is not { } use || (!use.HasLease && !MayStop())) return;
        if (use.HasLease && (Keep || !ShouldStop()))
        {
            RunOnWorker(worker => KeepOn(use, worker));
            return;
        }

        RunOnWorker(worker =>
        {
            use.Stop(Stop, Reporter(worker, "Stopping the machine"), worker.Stopping);
            if (use.Others is { } others) worker.Warn($"The machine stays on for {others}.");
        });
    }

    /// <inheritdoc/>
    private protected override void Leave()
    {
        if (machine is null) return;
        machine.Release(line => Host?.UI?.WriteWarningLine(line)); // first: what it keeps on costs
        machine.Dispose();
        machine = null;
    }

    /// <summary>
    /// Starts the machine if the registry is on it and it is off, and forwards the port to it if its address is one of this computer. False
    /// if nothing can be read of the registry then.
    /// </summary>
    private bool TryMachine(TrackingChoice tracking)
    {
        if (machine is not null || !tracking.Place.IsServer) return true;
        MachineUse use;
        try
        {
            var settings = ReadAwsSettings(new AwsRequest(), _ => { });
            if (!MachineUse.IsFor(settings, tracking.Place.Address)) return true;
            use = machine = new MachineUse(
                settings, RunIdentity.Of(null, Environment.GetEnvironmentVariable), "Sync-WmsModel", UserFolder.Cache(Location));
        }
        catch (SettingsException e)
        {
            Fail(WmsErrors.From(e));
            return false;
        }
        catch (InfrastructureException e)
        {
            Warn(NotStarted, e, WriteWarning);
            return true;
        }

        OnMachine(NotStarted, worker => found = use.Read(worker.Stopping));
        if (found is null) return true;
        if (found.State == InfrastructureState.Running)
        {
            // Also with -WhatIf, which must read the registry and changes nothing through it.
            OnMachine(NotReached, worker => use.Connect(
                found.InstanceId, Reporter(worker, "Connecting to the registry"), worker.Stopping));
            return true;
        }

        if (found.State == InfrastructureState.Stopped)
        {
            OnMachine(NotStarted, worker =>
            {
                if (use.AnsweredHere(worker.Stopping) is not { } address) return;
                worker.Warn($"The machine is off, but a program answers at '{address}', the address of its registry: the model is copied "
                    + "from there. If that is another registry, close the program, or correct aws.registry in wms.yaml.");
            });
        }

        string cost = found.HourlyCost is { } hourly
            ? string.Create(CultureInfo.InvariantCulture, $"{hourly:0.00} USD an hour") : "an unknown price";
        string action = string.Create(
            CultureInfo.InvariantCulture, $"Start the machine of the registry for {ForSync.TotalHours:0.##} h at most, {cost}");
        if (!ShouldProcess($"{found.MachineName} {found.InstanceId} ({found.State})", action)) return false;
        OnMachine(NotStarted, worker => use.Start(ForSync, Reporter(worker, $"Starting {found.MachineName}"), worker.Stopping));
        return true;
    }

    /// <summary>
    /// Works with the machine. What fails is a warning: the store says what it lacks, and a model may be here already. A port that cannot
    /// be forwarded is an error: it stays so until the user does something about it.
    /// </summary>
    private void OnMachine(string failed, Action<PipelineWorker> work)
    {
        InfrastructureException? noWay = null;
        RunOnWorker(worker =>
        {
            machine!.Warn = worker.Warn;
            try
            {
                work(worker);
            }
            catch (InfrastructureException e) when (e.Fault is InfrastructureFault.SessionPluginMissing or InfrastructureFault.TunnelFailed)
            {
                noWay = e;
            }
            catch (InfrastructureException e)
            {
                Warn(failed, e, worker.Warn);
            }
        });
        if (noWay is not null) ThrowTerminatingError(WmsErrors.From(noWay));
    }

    private static void Warn(string failed, InfrastructureException e, Action<string> warn) => warn($"{failed} {e.Message}");

    private void KeepOn(MachineUse use, PipelineWorker worker)
    {
        var kept = use.Keep(ForKeep, Reporter(worker, "Keeping the machine"), worker.Stopping);
        worker.Verbose(string.Create(
            CultureInfo.InvariantCulture, $"The machine stays on until {kept.OwnDeadline:u}. Stop-WmsInfrastructure ends it."));
    }

    /// <summary>Whether a machine that was on already is to be stopped.</summary>
    private bool MayStop() => Stop && found is { State: not (InfrastructureState.Stopped or InfrastructureState.Terminated) }
        && ShouldProcess($"{found.MachineName} {found.InstanceId} ({found.State})", "Stop the machine of the registry");

    /// <summary>Without a switch, the user at the console decides; in a script the machine is stopped.</summary>
    private bool ShouldStop()
    {
        if (Stop || Console.IsInputRedirected) return true;
        try
        {
            return ShouldContinue("It was started for this. Stop it now? Otherwise it stays on for two hours.", "Stop the machine");
        }
        catch (Exception e) when (e is HostException or PSInvalidOperationException)
        {
            return true; // -NonInteractive, or a host that cannot ask
        }
    }
}
