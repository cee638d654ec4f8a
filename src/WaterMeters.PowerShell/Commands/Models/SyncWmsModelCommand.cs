using System.Management.Automation;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;
using WaterMeters.PowerShell.Completion;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Copies the version in production from the registry to models/production.*, for predictions without a network.</summary>
/// <seealso href="about_WaterMeters_Registry"/>
/// <remarks>
/// <para>The model is downloaded, compared with the SHA-256 that was registered, and read, before it replaces anything; at any moment there
/// is one complete model. The replaced model is kept beside it as production-DIGEST. production_current.json says which version is there,
/// with its scores and parameters, and production_history.jsonl gets a line for each.</para>
/// <para>A version that is there already is not downloaded again; -Force does it nevertheless. If the store cannot be reached and a model
/// was copied before, that one stays: a warning says which it is and how old, and the output has IsCached set. A version that is named and
/// is not the one that was copied is an error then.</para>
/// <para>If aws.registry of wms.yaml is the address of the store, the store runs on the machine of Start-WmsInfrastructure. A machine that
/// is off is started first, with a lease, and stopped at the end if no other lease is alive: -Keep leaves it on for two hours, and without
/// -Keep and -Stop a console asks; in a script it is stopped. A machine that is on already stays on unless -Stop is given. If the cmdlet
/// fails or is stopped, the lease is released, also with -Keep.</para>
/// <para>If that address is one of this computer, such as http://localhost:5000, and nothing answers there, the cmdlet forwards the port to
/// the same port of the machine while it runs, through a session of SSM: no port of the machine is open. It needs the program
/// session-manager-plugin.</para>
/// <para>The folder is that of the nearest models/production.*, else models beside the nearest wms.yaml, else models in the current
/// location.</para>
/// </remarks>
/// <example><para>Copy the version in production, then predict with it.</para>
/// <code>
/// Sync-WmsModel
/// Invoke-WmsPrediction ./photos -OutputPath ./masks
/// </code></example>
/// <example><para>Show which version would replace which.</para><code>Sync-WmsModel -WhatIf</code></example>
/// <example><para>Copy another version to another folder.</para><code>Sync-WmsModel 2 -OutputPath ./candidate</code></example>
/// <example><para>Start the machine with the registry, if wms.yaml names one, and leave it on for the next cmdlet.</para>
/// <code>Sync-WmsModel -Keep</code></example>
/// <seealso cref="GetWmsModelCommand"/>
/// <seealso cref="SetWmsModelStageCommand"/>
/// <seealso cref="WaterMeters.PowerShell.Commands.Prediction.InvokeWmsPredictionCommand"/>
[Cmdlet(VerbsData.Sync, "WmsModel", SupportsShouldProcess = true)]
[OutputType(typeof(ModelSync))]
public sealed partial class SyncWmsModelCommand : RegistryCmdlet
{
    /// <summary>
    /// The version: a stage (Production), an alias (champion), a number (3 or v3), a run (runs:/ID) or MLflow's own models:/NAME/VERSION.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [PSDefaultValue(Value = "Production")]
    [PathOf("Model", "Version")]
    [ArgumentCompleter(typeof(RegisteredVersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string Model { get; set; } = "Production";

    /// <summary>The folder to write to.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the nearest folder models")]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Downloads the version again, even if it is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override object ErrorTarget => Model;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryRegistry(Model, out var tracking, out string name) || !TryMachine(tracking)) return;
        string folder = OutputPath is null ? ModelSynchronizer.FolderFor(Location, tracking.Settings.Folder) : ResolvePath(OutputPath);
        ITrackingStore? store = null;
        SyncPlan? plan = null;
        try
        {
            OrCached(worker =>
            {
                store = OpenExisting(tracking, name);
                plan = ModelSynchronizer.Plan(store, name, Model, folder, worker.Stopping);
                if (plan.IsCurrent && !Force) worker.Verbose($"{plan.Version.Model} is in '{folder}' already.");
            });
            if (plan is null) return;
            if (plan.IsCurrent && !Force)
            {
                RunOnWorker(worker =>
                {
                    var current = ModelSynchronizer.Current(plan);
                    worker.Post(() => WriteObject(current));
                });
            }
            else if (ShouldProcess(System.IO.Path.Combine(folder, "production"), plan.Description))
            {
                OrCached(worker =>
                {
                    worker.Report("Copying " + plan.Version.Model, folder);
                    var updated = ModelSynchronizer.Apply(store!, plan, worker.Stopping);
                    worker.Post(() => WriteObject(updated));
                });
            }
        }
        finally
        {
            store?.Dispose();
        }

        // Work that needs the store; while it cannot be reached, the model that was copied before is the result.
        void OrCached(Action<PipelineWorker> work) => RunOnWorker(worker =>
        {
            try
            {
                work(worker);
            }
            catch (TrackingException e) when (ModelSynchronizer.IsOffline(e))
            {
                if (ModelSynchronizer.Cached(folder, name, store?.Address ?? "") is not { } cached) throw;
                if (!ModelSynchronizer.MayStandIn(cached, name, Model))
                {
                    throw new TrackingException(
                        e.Fault, e.Target, $"{e.Message} The model that is here is another one: {ModelSynchronizer.Describe(cached)}.", e);
                }

                worker.Warn($"{e.Message} Until then the model that is here is used: {ModelSynchronizer.Describe(cached)}.");
                worker.Post(() => WriteObject(cached));
            }
        });
    }
}
