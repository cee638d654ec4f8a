using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ops.Machines;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Infrastructure;

/// <summary>Stops the machine, terminates it, or empties its bucket: each only if its switch is given.</summary>
/// <remarks>
/// <para>The three switches are three different losses. -Stop ends all leases and turns the machine off; nothing is lost but work that was
/// not saved. -Terminate removes the instance and its system disk permanently; a data volume stays. -EmptyBucket deletes every object of
/// the bucket in all its versions: data sets, models, leases; the bucket stays.</para>
/// <para>Each asks for confirmation of its own, after counting what would be lost. Use -Confirm:$false in a script. Afterwards, a warning
/// lists what still exists, and what it costs in a month.</para>
/// <para>A machine that Terraform made is made again by its next apply. To remove it from Terraform's state too, use Invoke-WmsTerraform
/// -Destroy instead of -Terminate.</para>
/// </remarks>
/// <example><para>Show what terminating the machine would lose.</para>
/// <code>Remove-WmsInfrastructure -Terminate -BucketName meters-lease -WhatIf</code></example>
/// <example><para>Show how many objects emptying the bucket would delete.</para>
/// <code>Remove-WmsInfrastructure -EmptyBucket -BucketName meters-lease -WhatIf</code></example>
/// <seealso href="about_WaterMeters_Infrastructure"/>
/// <seealso cref="StopWmsInfrastructureCommand"/>
[Cmdlet(VerbsCommon.Remove, "WmsInfrastructure", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(WaterMeters.Infrastructure))]
public sealed class RemoveWmsInfrastructureCommand : InfrastructureCmdlet
{
    /// <summary>Ends all leases and turns the machine off.</summary>
    [Parameter]
    public SwitchParameter Stop { get; set; }

    /// <summary>Removes the instance and the disks that end with it permanently.</summary>
    [Parameter]
    [Alias("Destroy")]
    public SwitchParameter Terminate { get; set; }

    /// <summary>Deletes all objects of the bucket, in all versions.</summary>
    [Parameter]
    public SwitchParameter EmptyBucket { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Stop || Terminate || EmptyBucket) return;
        ThrowTerminatingError(WmsErrors.From(new SettingsException(
            nameof(Terminate), "Nothing was chosen to remove. Pass -Stop, -Terminate or -EmptyBucket, or several of them.")));
    }

    /// <inheritdoc/>
    private protected override void Process(MachineSession session, string? instanceId)
    {
        WaterMeters.Infrastructure? machine = null;
        if (Stop || Terminate)
        {
            machine = Read(session, instanceId);
            if (machine is null) return;
        }

        bool isChanged = false;
        string target = machine is null ? "" : $"{machine.MachineName} {machine.InstanceId} ({machine.State})";
        if (Stop && ShouldProcess(target, string.Create(
            CultureInfo.InvariantCulture, $"End {machine!.LeaseCount} lease(s) and turn the machine off")))
        {
            var run = Run;
            RunOnWorker(worker => machine = new MachineStopper(
                session, new StopOptions { InstanceId = machine.InstanceId, Run = run, Force = true },
                Reporter(worker, $"Stopping {machine.MachineName}")).Stop(worker.Stopping));
            isChanged = true;
        }

        if (Terminate)
        {
            string loss = "";
            RunOnWorker(worker => loss = Remover(session, worker).DescribeInstance(machine!, worker.Stopping));
            if (ShouldProcess(target, loss))
            {
                RunOnWorker(worker => machine = Remover(session, worker).Terminate(machine!, worker.Stopping));
                isChanged = true;
            }
        }

        if (EmptyBucket)
        {
            (long objects, long bytes) = (0, 0);
            RunOnWorker(worker => (objects, bytes) = Remover(session, worker).CountObjects(worker.Stopping));
            string loss = string.Create(
                CultureInfo.InvariantCulture, $"Delete all {objects} objects in all versions, {bytes / 1e6:0.0} MB");
            if (ShouldProcess($"bucket {session.Bucket}", loss))
            {
                RunOnWorker(worker => Remover(session, worker).EmptyBucket(worker.Stopping));
                isChanged = true;
            }
        }

        if (!isChanged) return;
        IReadOnlyList<string> left = [];
        RunOnWorker(worker => left = Remover(session, worker).Leftovers(worker.Stopping));
        if (left.Count > 0) WriteWarning($"This still exists, and may cost: {string.Join("; ", left)}.");
        if (machine is not null) WriteObject(machine);
    }

    private MachineRemover Remover(MachineSession session, PipelineWorker worker) =>
        new(session, Reporter(worker, $"Removing {session.Settings.Machine}"));
}
