using System.Collections;
using System.Management.Automation;
using WaterMeters.Ml.Runtime;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;
using WaterMeters.PowerShell.Requirements;

namespace WaterMeters.PowerShell.Commands.Runtime;

/// <summary>Says what this machine lacks for the module's cmdlets, and what mends it.</summary>
/// <remarks>
/// <para>Gives one record a check: PowerShell, libtorch, TorchSharp's own library, ONNX Runtime, the processor, memory, room on the disk. A check says which cmdlets need what it looked at. Nothing is loaded, written or asked of the network.</para>
/// </remarks>
/// <example><para>Lists what is missing, and what to do.</para><code>Test-WmsEnvironment | Where-Object Status -ne Ok | Format-List</code></example>
/// <example><para>Makes a build machine ready to train, once.</para><code>if (-not (Test-WmsEnvironment -Cmdlet Start-WmsTraining -Quiet)) { Install-WmsRuntime }</code></example>
/// <seealso cref="InstallWmsRuntimeCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "WmsEnvironment")]
[OutputType(typeof(EnvironmentCheck), typeof(bool))]
public sealed class TestWmsEnvironmentCommand : WmsCmdlet
{
    /// <summary>Checks only what these cmdlets need.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CmdletNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Cmdlet { get; set; } = [];

    /// <summary>Gives only $true or $false: whether nothing is missing. A warning is no lack.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private readonly HashSet<string> cmdlets = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Cmdlet)
        {
            if (CmdletRequirements.Cmdlets.Contains(name, StringComparer.OrdinalIgnoreCase)) cmdlets.Add(name);
            else ThrowTerminatingError(WmsErrors.From(new SettingsException(name, $"This module has no cmdlet '{name}'. Name some of these: {string.Join(", ", CmdletRequirements.Cmdlets)}.")));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var checks = EnvironmentInspector.Inspect().Prepend(CheckPowerShell())
            .Where(c => cmdlets.Count == 0 || CmdletRequirements.CmdletsFor(c.Name).Any(cmdlets.Contains))
            .Select(c => c with { NeededBy = string.Join(", ", CmdletRequirements.CmdletsFor(c.Name)) });
        if (Quiet) WriteObject(checks.All(c => c.Status != EnvironmentStatus.Missing));
        else WriteObject(checks, enumerateCollection: true);
    }

    // The manifest lets no older one import the module, so this is there to be read in a report.
    private EnvironmentCheck CheckPowerShell() => new()
    {
        Name = CmdletRequirements.PowerShell,
        Detail = $"{(SessionState.PSVariable.GetValue("PSVersionTable") as IDictionary)?["PSVersion"] ?? Host.Version} on {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}.",
    };
}
