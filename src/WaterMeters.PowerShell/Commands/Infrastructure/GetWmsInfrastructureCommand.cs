using System.Management.Automation;
using WaterMeters.Ops.Machines;

namespace WaterMeters.PowerShell.Commands.Infrastructure;

/// <summary>Shows the machine: its state, who uses it until when, and what it costs.</summary>
/// <remarks>
/// <para>The machine is the EC2 instance with the tag wms:machine and the name of aws.machine in wms.yaml, or the one of -InstanceId. A
/// lease keeps it on: LeaseOwner, LeaseCount and LeaseDeadline say whose, how many, and until when.</para>
/// <para>Costs are in US dollars, before tax, by a table of prices in the module, of the day PriceDate. CostWhileStopped is what disk and
/// address cost in a month while the machine is off. CostThisMonth has the instance only since its last start.</para>
/// <para>What Get-EC2Instance returns can be piped in.</para>
/// </remarks>
/// <example><para>Show the machine.</para>
/// <code>Get-WmsInfrastructure -BucketName meters-lease -Region eu-central-1</code></example>
/// <example><para>Show what still costs while it is off.</para>
/// <code>Get-WmsInfrastructure -BucketName meters-lease | Select-Object State, CostWhileStopped, CostThisMonth</code></example>
/// <seealso href="about_WaterMeters_Infrastructure"/>
/// <seealso cref="StartWmsInfrastructureCommand"/>
/// <seealso cref="StopWmsInfrastructureCommand"/>
/// <seealso cref="RemoveWmsInfrastructureCommand"/>
[Cmdlet(VerbsCommon.Get, "WmsInfrastructure")]
[OutputType(typeof(WaterMeters.Infrastructure))]
public sealed class GetWmsInfrastructureCommand : InfrastructureCmdlet
{
    /// <inheritdoc/>
    private protected override void Process(MachineSession session, string? instanceId)
    {
        if (Read(session, instanceId) is { } machine) WriteObject(machine);
    }
}
