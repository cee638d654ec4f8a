using System.Management.Automation;
using WaterMeters.Ops.Git.Hooks;

namespace WaterMeters.PowerShell.Commands.Repository;

/// <summary>Removes the pre-push hook from a git repository, and restores the hook that was there before.</summary>
/// <seealso cref="InstallWmsHookCommand"/>
/// <seealso href="about_WaterMeters_Repository"/>
/// <remarks>
/// <para>The file of the hook, its settings (watermeters.*) and its entry in the configuration of git are removed. The earlier hook is put
/// back byte for byte. The hook of another tool that has replaced this one is left alone, and a warning names the earlier hook that is
/// kept beside it. The log of pushes that were not checked stays in .git/watermeters.</para>
/// <para>If the hook is not installed, nothing is changed.</para>
/// </remarks>
/// <example><para>Remove the hook from the repository of the current folder.</para><code>Uninstall-WmsHook</code></example>
/// <example><para>Remove it from all repositories below a folder.</para>
/// <code>Get-ChildItem ./repositories -Directory | Uninstall-WmsHook</code></example>
[Cmdlet(VerbsLifecycle.Uninstall, "WmsHook", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(HookInstallation))]
public sealed class UninstallWmsHookCommand : HookCmdlet
{
    /// <summary>Folders of repositories. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PSDefaultValue(Help = "the current location")]
    [PathOf("Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"])]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <inheritdoc/>
    private protected override void Process(PipelineWorker worker, HookRepository repository)
    {
        if (!Confirm(worker, repository.Path, "Remove the pre-push hook")) return;
        var removed = new HookInstaller(repository, Source).Uninstall();
        if (removed.Outcome == HookOutcome.Removed && removed.Method == HookMethod.File && repository.IsShared)
        {
            worker.Warn($"The hook was in '{repository.HooksFolder}', which other repositories may use too: it is removed from them.");
        }

        if (removed.EarlierHookPath is { } earlier)
        {
            worker.Warn($"'{repository.HookFile}' is the hook of another tool and stays. The one before it is kept as '{earlier}'.");
        }

        worker.Post(() => WriteObject(removed));
    }
}
