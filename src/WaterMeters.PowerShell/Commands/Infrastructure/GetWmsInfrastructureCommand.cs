using System.Management.Automation;
using WaterMeters.Ops.Machines;

namespace WaterMeters.PowerShell.Commands.Infrastructure;

/// <summary>Shows the machine: its state, who uses it until when, and what it costs.</summary>
/// <remarks>
/// <para>The machine is the EC2 instance with the tag wms:machine and the name of aws.machine in wms.yaml, or the one of -InstanceId. A
/// lease keeps it on: LeaseOwner, LeaseCount and LeaseDeadline say whose, how many, and until when.</para>
/// <para>Costs are in US dollars, before tax, by a table of prices in the module, of the day PriceDate. -Refresh reads the prices of this
/// type and region from AWS, which is free, and keeps them for later calls in the user's cache. CostWhileStopped is what costs in a month
/// while the machine is off: the disks, and an address that stays. MinimumCostThisMonth has the machine only since its last start, because
/// AWS does not say how long it ran before; the bill says that.</para>
/// <para>What Get-EC2Instance returns can be piped in.</para>
/// </remarks>
/// <example><para>Show the machine.</para>
/// <code>Get-WmsInfrastructure -BucketName meters-lease -Region eu-central-1</code></example>
/// <example><para>Show what still costs while it is off.</para>
/// <code>Get-WmsInfrastructure -BucketName meters-lease | Select-Object State, CostWhileStopped, MinimumCostThisMonth</code></example>
/// <example><para>Read the current prices from AWS, and show what an hour costs.</para>
/// <code>Get-WmsInfrastructure -Refresh -BucketName meters-lease | Select-Object HourlyCost, PriceDate</code></example>
/// <seealso href="about_WaterMeters_Infrastructure"/>
/// <seealso cref="StartWmsInfrastructureCommand"/>
/// <seealso cref="StopWmsInfrastructureCommand"/>
/// <seealso cref="RemoveWmsInfrastructureCommand"/>
[Cmdlet(VerbsCommon.Get, "WmsInfrastructure")]
[OutputType(typeof(WaterMeters.Infrastructure))]
public sealed class GetWmsInfrastructureCommand : InfrastructureCmdlet
{
    /// <summary>Reads the prices of this instance type and region from AWS. The credentials need pricing:GetProducts.</summary>
    [Parameter]
    public SwitchParameter Refresh { get; set; }

    /// <inheritdoc/>
    private protected override void Process(MachineSession session, string? instanceId)
    {
        if (Read(session, instanceId) is not { } machine) return;
        WaterMeters.Infrastructure? priced = machine;
        if (Refresh)
        {
            priced = null;
            var run = Run;
            RunOnWorker(worker => priced = session.RefreshPrices(machine, run, worker.Stopping));
        }

        if (priced is not null) WriteObject(priced);
    }
}
