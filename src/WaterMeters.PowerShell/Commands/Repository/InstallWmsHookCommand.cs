using System.Management.Automation;
using WaterMeters.Ops.Git.Hooks;
using WaterMeters.PowerShell.Commands.Runtime;

namespace WaterMeters.PowerShell.Commands.Repository;

/// <summary>Installs the pre-push hook of a git repository, which keeps photos and masks off the protected branches.</summary>
/// <seealso cref="UninstallWmsHookCommand"/>
/// <seealso cref="InitializeWmsRepositoryCommand"/>
/// <seealso cref="TestWmsEnvironmentCommand"/>
/// <seealso href="about_WaterMeters_Repository"/>
/// <remarks>
/// <para>Before each push, git calls the hook. A push without training data passes in milliseconds and starts no PowerShell; any other is
/// decided by Invoke-WmsPrePush.</para>
/// <para>The hook is a file in the folder that git runs hooks from, also if core.hooksPath names it. A hook that is there already is kept
/// as pre-push.before-wms, called after this one with the same input, and restored by Uninstall-WmsHook. All linked worktrees share the
/// hook. Git 2.54 and later can run it from the settings of the repository instead, beside any other hook; the cmdlet does that where
/// another tool has its hooks (-Method Auto).</para>
/// <para>Where PowerShell and this module are, and the folder of the data set in wms.yaml, are written to the configuration of the
/// repository (watermeters.*). Run the cmdlet again after they have moved; otherwise running it again changes nothing.</para>
/// <para>The environment variable WMS_SKIP_HOOK=1 lets a push through without a check. The hook says so, and logs it in
/// .git/watermeters/skipped.log.</para>
/// </remarks>
/// <example><para>Install the hook in the repository of the current folder.</para><code>Install-WmsHook</code></example>
/// <example><para>Install it in all repositories below a folder, and show which had another hook.</para>
/// <code>
/// Get-ChildItem ./repositories -Directory | Install-WmsHook | Format-Table Path, Outcome, EarlierHookPath
/// </code></example>
[Cmdlet(VerbsLifecycle.Install, "WmsHook", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(HookInstallation))]
public sealed class InstallWmsHookCommand : HookCmdlet
{
    /// <summary>Folders of repositories. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PSDefaultValue(Help = "the current location")]
    [PathOf("Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"])]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <summary>
    /// How git finds the hook: File for a file, which every version of git runs, Config for a setting, which git 2.54 and later run beside
    /// any other hook. Auto takes Config if this git has it and another tool has a hook or a folder of hooks, else File.
    /// </summary>
    [Parameter]
    [OneValue]
    public HookMethod Method { get; set; } = HookMethod.Auto;

    /// <inheritdoc/>
    private protected override void Process(PipelineWorker worker, HookRepository repository)
    {
        var installer = new HookInstaller(repository, Source);
        var plan = installer.Plan(Method);
        if (!Confirm(worker, plan.Path, "Install the pre-push hook")) return;
        var installed = installer.Install(plan.Method, Places);
        if (installed.Method == HookMethod.File && repository.IsShared)
        {
            worker.Warn(
                $"'{repository.HooksFolder}' may serve other repositories too (core.hooksPath in {repository.HooksPathOrigin}). The hook "
                + "does nothing in those without WaterMeters.");
        }

        worker.Post(() => WriteObject(installed));
    }
}
