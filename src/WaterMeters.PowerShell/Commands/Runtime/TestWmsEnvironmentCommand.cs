using System.Collections;
using System.Management.Automation;
using System.Runtime.InteropServices;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ops.Git.Hooks;
using WaterMeters.PowerShell.Commands.Repository;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;
using WaterMeters.PowerShell.Requirements;

namespace WaterMeters.PowerShell.Commands.Runtime;

/// <summary>Checks whether this machine has what the module's cmdlets need, and how to fix what is missing.</summary>
/// <remarks>
/// <para>Returns one record for each check: PowerShell, libtorch, the native library of TorchSharp, ONNX Runtime, the processor, memory,
/// disk space, and the git hook. Each names the cmdlets that need it. The cmdlet loads no library, writes nothing and does not use the
/// network.</para>
/// <para>The check of the git hook is about the repository of the current location: whether the hook of Install-WmsHook is the one that git
/// will run before a push. Other tools switch it off: husky sets core.hooksPath each time it is installed.</para>
/// </remarks>
/// <example><para>List what is missing, and what to do about it.</para>
/// <code>Test-WmsEnvironment | Where-Object Status -ne Ok | Format-List</code></example>
/// <example><para>Prepare a build machine for training, once.</para>
/// <code>if (-not (Test-WmsEnvironment -Cmdlet Start-WmsTraining -Quiet)) { Install-WmsRuntime }</code></example>
/// <seealso cref="InstallWmsRuntimeCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "WmsEnvironment")]
[OutputType(typeof(EnvironmentCheck), typeof(bool))]
public sealed class TestWmsEnvironmentCommand : WmsCmdlet
{
    /// <summary>Cmdlets whose needs to check. The default is all cmdlets of the module.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CmdletNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Cmdlet { get; set; } = [];

    /// <summary>Returns only $true or $false: whether nothing is missing. Warnings do not count.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private readonly HashSet<string> cmdlets = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Cmdlet)
        {
            if (!CmdletRequirements.Cmdlets.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                string known = string.Join(", ", CmdletRequirements.Cmdlets);
                ThrowTerminatingError(WmsErrors.From(
                    new SettingsException(name, $"This module has no cmdlet '{name}'. Use one of these: {known}.")));
            }

            cmdlets.Add(name);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string location = Location;
        var hooks = new List<EnvironmentCheck>();
        RunOnWorker(worker => hooks.Add(HookInspector.Inspect(location, HookCmdlet.Source, worker.Stopping)));
        var checks = EnvironmentInspector.Inspect().Prepend(CheckPowerShell()).Concat(hooks)
            .Where(c => cmdlets.Count == 0 || CmdletRequirements.CmdletsFor(c.Name).Any(cmdlets.Contains))
            .Select(c => c with { NeededBy = string.Join(", ", CmdletRequirements.CmdletsFor(c.Name)) });
        if (Quiet) WriteObject(checks.All(c => c.Status != EnvironmentStatus.Missing));
        else WriteObject(checks, enumerateCollection: true);
    }

    // The manifest excludes older versions, so this check always passes; it puts the version into a report.
    private EnvironmentCheck CheckPowerShell()
    {
        object version = (SessionState.PSVariable.GetValue("PSVersionTable") as IDictionary)?["PSVersion"] ?? Host.Version;
        return new() { Name = CmdletRequirements.PowerShell, Detail = $"{version} on {RuntimeInformation.FrameworkDescription}." };
    }
}
