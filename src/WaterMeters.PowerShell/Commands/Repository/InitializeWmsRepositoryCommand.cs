using System.Management.Automation;
using WaterMeters.Ops.Git.Hooks;

namespace WaterMeters.PowerShell.Commands.Repository;

/// <summary>Sets up a git repository for photos, masks and models: folders, settings, workflows and the pre-push hook.</summary>
/// <seealso cref="InstallWmsHookCommand"/>
/// <seealso href="about_WaterMeters_Repository"/>
/// <remarks>
/// <para>Creates the folders for photos and masks, wms.yaml, the lines that .gitignore and .gitattributes need, the workflow that checks
/// the data set in GitHub Actions, and the hook. A folder that is in no repository becomes one. Nothing is committed.</para>
/// <para>The cmdlet can be run again: it adds what is missing, keeps what you have changed, and returns a record for each part that says
/// so. -Force replaces workflow files with those of this module; wms.yaml and your own lines are never replaced.</para>
/// </remarks>
/// <example><para>Show what would be set up in the current folder, then do it.</para>
/// <code>Initialize-WmsRepository -WhatIf; Initialize-WmsRepository</code></example>
/// <example><para>Take over the workflows of a new version of the module, and list what was kept.</para>
/// <code>Initialize-WmsRepository -Force | Where-Object Outcome -eq Kept</code></example>
[Cmdlet(VerbsData.Initialize, "WmsRepository", SupportsShouldProcess = true)]
[OutputType(typeof(RepositoryItem))]
public sealed class InitializeWmsRepositoryCommand : WmsCmdlet
{
    private string folder = "";

    /// <summary>The top folder of the repository. It is created if it does not exist.</summary>
    [Parameter(Position = 0)]
    [PSDefaultValue(Help = "the current location")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Replaces workflow files that differ from those of this module.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override object ErrorTarget => folder;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        folder = Path is null ? Location : ResolvePath(Path);
        var places = HookCmdlet.FindPlaces(SessionState);
        string workflows = System.IO.Path.Combine(HookCmdlet.ModuleFolder, "workflows");
        RunOnWorker(worker =>
        {
            var found = RepositoryFolder.Find(folder, worker.Stopping);
            bool isRepository = found.IsRepository || Take(worker, found.Creation);
            foreach (var step in new RepositoryFiles(folder, workflows).Steps(Force)) Take(worker, step);
            InstallHook(worker, isRepository, places);
        });
    }

    private void InstallHook(PipelineWorker worker, bool isRepository, HookPlaces places)
    {
        const string Action = "Install the pre-push hook";
        if (!isRepository)
        {
            // As with -WhatIf: only the usual place is known before there is a repository.
            _ = Confirm(worker, System.IO.Path.Combine(folder, ".git", "hooks", HookRepository.HookName), Action);
            return;
        }

        var installer = new HookInstaller(HookRepository.Find(folder, worker.Stopping), HookCmdlet.Source);
        var plan = installer.Plan(HookMethod.Auto);
        if (!Confirm(worker, plan.Path, Action)) return;
        var installed = installer.Install(plan.Method, places);
        var item = new RepositoryItem
        {
            Outcome = installed.Outcome switch
            {
                HookOutcome.Installed => RepositoryItemOutcome.Created,
                HookOutcome.Updated => RepositoryItemOutcome.Updated,
                _ => RepositoryItemOutcome.Unchanged,
            },
            Name = HookRepository.HookName,
            Path = installed.HookPath,
            Detail = installed.EarlierHookPath is { } earlier ? $"The hook; the earlier one is kept as '{earlier}'." : "The hook.",
        };
        worker.Post(() => WriteObject(item));
    }

    /// <summary>Runs a step if it is confirmed, and writes what was done. Returns whether it was.</summary>
    private bool Take(PipelineWorker worker, RepositoryStep step)
    {
        if (step.Run is { } run)
        {
            string action = step.Item.Outcome == RepositoryItemOutcome.Created ? "Create" : "Update";
            if (!Confirm(worker, step.Item.Path, action)) return false;
            run();
        }

        worker.Post(() => WriteObject(step.Item));
        return true;
    }
}
