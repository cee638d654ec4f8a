using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ops.Machines;

namespace WaterMeters.PowerShell.Commands.Infrastructure;

/// <summary>Takes a lease on the machine and starts it.</summary>
/// <remarks>
/// <para>The lease says who needs the machine and until when. It is taken before the machine is started, and the machine keeps it itself:
/// when the last lease has ended, it saves its work and powers off, whatever has become of the computer that started it. Starting again
/// with the same -RunId renews the lease.</para>
/// <para>A machine that is being stopped is waited for, then started. Without -Wait, the cmdlet returns as soon as the machine is on its
/// way. With it, the cmdlet returns when commands reach the machine (SSM Online), when it has confirmed the lease, and when the addresses
/// of -ServiceUri answer: IsReady is then True.</para>
/// <para>Ctrl+C while it waits releases the lease, and says so.</para>
/// <para>-WhatIf shows what would be started and what it would cost.</para>
/// </remarks>
/// <example><para>Start the machine for two hours, and wait until it can be used.</para>
/// <code>Start-WmsInfrastructure -For 2h -Wait -BucketName meters-lease</code></example>
/// <example><para>Show what three hours would cost.</para>
/// <code>Start-WmsInfrastructure -For 3h -BucketName meters-lease -WhatIf</code></example>
/// <example><para>Try for an hour when AWS has no capacity, also with another type.</para>
/// <code>Start-WmsInfrastructure -RetryFor 1h -AlternativeType m6i.large -BucketName meters-lease</code></example>
/// <seealso href="about_WaterMeters_Infrastructure"/>
/// <seealso cref="StopWmsInfrastructureCommand"/>
/// <seealso cref="GetWmsInfrastructureCommand"/>
[Cmdlet(VerbsLifecycle.Start, "WmsInfrastructure", SupportsShouldProcess = true)]
[OutputType(typeof(WaterMeters.Infrastructure))]
public sealed class StartWmsInfrastructureCommand : InfrastructureCmdlet
{
    /// <summary>How long the lease lasts: 2h, 90m, or a time span.</summary>
    [Parameter]
    [PSDefaultValue(Help = "2h")]
    [Duration]
    public TimeSpan For { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Returns when the machine can be used, not when it has been told to start.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long to try again when AWS has no capacity: 1h, 30m, or a time span.</summary>
    [Parameter]
    [PSDefaultValue(Help = "one attempt")]
    [Duration]
    public TimeSpan RetryFor { get; set; }

    /// <summary>Instance types to use instead, in this order, when AWS has no capacity for the machine's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AlternativeType { get; set; } = [];

    /// <summary>With -Wait: addresses that must answer too, such as http://localhost:5000/health.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public Uri[] ServiceUri { get; set; } = [];

    /// <summary>What the lease is for; others see it.</summary>
    [Parameter]
    [AllowEmptyString]
    public string Purpose { get; set; } = "";

    /// <inheritdoc/>
    private protected override void Process(MachineSession session, string? instanceId)
    {
        if (Read(session, instanceId) is not { } machine) return;
        string cost = machine.HourlyCost is { } hourly
            ? string.Create(CultureInfo.InvariantCulture, $"about {hourly * For.TotalHours:0.00} USD") : "at an unknown price";
        string action = string.Create(CultureInfo.InvariantCulture, $"Start for {For.TotalHours:0.##} h, {cost}");
        if (!ShouldProcess($"{machine.MachineName} {machine.InstanceId} ({machine.InstanceType}, {machine.State})", action)) return;
        var options = new StartOptions
        {
            InstanceId = machine.InstanceId,
            Run = Run,
            Purpose = Purpose,
            For = For,
            Wait = Wait,
            RetryFor = RetryFor,
            AlternativeTypes = AlternativeType,
            Services = ServiceUri,
        };
        WaterMeters.Infrastructure? started = null;
        RunOnWorker(worker => started = new MachineStarter(
            session, options, Reporter(worker, $"Starting {machine.MachineName}"))
        {
            Warn = worker.Warn,
        }.Start(worker.Stopping));
        if (started is not null) WriteObject(started);
    }
}
