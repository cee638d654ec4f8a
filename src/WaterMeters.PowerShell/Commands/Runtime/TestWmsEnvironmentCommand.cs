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
/// disk space, the git hook, the AWS credentials, the AWS region, the bucket of the machine's lease, the token for GitHub, terraform, and,
/// if aws.registry of wms.yaml is an address of this computer, session-manager-plugin. Each names the cmdlets that need it, and the command
/// that fixes it. The cmdlet loads no library and writes nothing.</para>
/// <para>Only what is set up is asked through the network: STS and the bucket if a profile, keys or a bucket are there, GitHub if
/// GH_TOKEN or GITHUB_TOKEN is set. Otherwise Status is Skipped. With -Cmdlet, what the named cmdlets need must be there. A check ends
/// after 10 seconds at the latest.</para>
/// <para>The AWS credentials show whose they are and, if they are temporary, until when. The token for GitHub shows its scopes; of a
/// fine-grained token, GitHub shows only whether it reaches the secrets of the repository in the current location. No secret is
/// shown.</para>
/// <para>The check of the git hook is about the repository of the current location: whether the hook of Install-WmsHook is the one that git
/// will run before a push. Other tools switch it off: husky sets core.hooksPath each time it is installed.</para>
/// </remarks>
/// <example><para>List what is missing, and what to do about it.</para>
/// <code>Test-WmsEnvironment | Where-Object Remedy | Format-List</code></example>
/// <example><para>Prepare a build machine for training, once.</para>
/// <code>if (-not (Test-WmsEnvironment -Cmdlet Start-WmsTraining -Quiet)) { Install-WmsRuntime }</code></example>
/// <example><para>Check what the machine needs: credentials, region and bucket.</para>
/// <code>Test-WmsEnvironment Start-WmsInfrastructure -BucketName meters-lease | Format-Table Name, Status, Detail</code></example>
/// <seealso cref="InstallWmsRuntimeCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "WmsEnvironment")]
[OutputType(typeof(EnvironmentCheck), typeof(bool))]
public sealed partial class TestWmsEnvironmentCommand : WmsCmdlet
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
        var services = Services(location);
        var found = new List<EnvironmentCheck>();
        RunOnWorker(worker =>
        {
            if (IsAsked(HookInspector.Name)) found.Add(HookInspector.Inspect(location, HookCmdlet.Source, worker.Stopping));
            found.AddRange(services(worker.Stopping));
        });
        var checks = EnvironmentInspector.Inspect().Prepend(CheckPowerShell()).Concat(found)
            .Where(c => IsAsked(c.Name))
            .Select(c => c with { NeededBy = string.Join(", ", CmdletRequirements.CmdletsFor(c.Name)) });
        if (Quiet) WriteObject(checks.All(c => c.Status != EnvironmentStatus.Missing));
        else WriteObject(checks, enumerateCollection: true);
    }

    private bool IsAsked(string check) => cmdlets.Count == 0 || IsNeeded(check);

    /// <summary>Whether a cmdlet of -Cmdlet needs what a check covers.</summary>
    private bool IsNeeded(string check) => CmdletRequirements.CmdletsFor(check).Any(cmdlets.Contains);

    // The manifest excludes older versions, so this check always passes; it puts the version into a report.
    private EnvironmentCheck CheckPowerShell()
    {
        object version = (SessionState.PSVariable.GetValue("PSVersionTable") as IDictionary)?["PSVersion"] ?? Host.Version;
        return new() { Name = CmdletRequirements.PowerShell, Detail = $"{version} on {RuntimeInformation.FrameworkDescription}." };
    }
}
