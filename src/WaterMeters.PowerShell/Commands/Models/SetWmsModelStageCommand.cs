using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Changes the registry stage of a version, such as to Production, or returns to the version that was there before.</summary>
/// <seealso href="about_WaterMeters_Registry"/>
/// <remarks>
/// <para>One version of a model is in production at a time, and one in staging: the one it replaces is archived. The alias champion moves
/// to the version in production and challenger to the one in staging; a version that leaves its stage loses the alias. Time, user and
/// reason of each change are recorded with the version, and Get-WmsModel shows them.</para>
/// <para>This cmdlet does not compare models: Publish-WmsModel and Start-WmsTraining -Promote put a model into production only if it passes
/// the gate.</para>
/// <para>-Previous returns to the version that was in production before the one that is there now, or in the stage of -Stage.</para>
/// <para>After records or numbers in a pipeline, the first argument is the stage; after other names, it needs -Stage. The output is the
/// changed version, then the versions that were archived with it. -WhatIf shows from which version to which the stage would change.</para>
/// </remarks>
/// <example><para>Put a version into production, and record why.</para>
/// <code>Set-WmsModelStage 2 Production -Reason 'Better on dark photos'</code></example>
/// <example><para>Show from which version to which production would change.</para>
/// <code>Get-WmsModel 2 | Set-WmsModelStage Production -WhatIf</code></example>
/// <example><para>Return to the version that was in production before.</para>
/// <code>
/// Set-WmsModelStage 2 Production -Reason 'Better on dark photos'
/// Set-WmsModelStage -Previous -Reason 'Misses the round meters'
/// </code></example>
/// <seealso cref="GetWmsModelCommand"/>
/// <seealso cref="PublishWmsModelCommand"/>
/// <seealso cref="SyncWmsModelCommand"/>
[Cmdlet(VerbsCommon.Set, "WmsModelStage", DefaultParameterSetName = Named, SupportsShouldProcess = true)]
[OutputType(typeof(RegisteredModelVersion))]
public sealed class SetWmsModelStageCommand : RegistryCmdlet
{
    private const string Named = "Model", Back = "Previous";

    /// <summary>
    /// The version: a stage (Staging), an alias (challenger), a number (3 or v3), a run (runs:/ID) or MLflow's own models:/NAME/VERSION.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = Named)]
    [PathOf("Model", "Version")]
    [ArgumentCompleter(typeof(RegisteredVersionCompleter))]
    [AllowNull, AllowEmptyString]
    public string? Model { get; set; }

    /// <summary>The new stage: None, Staging, Production or Archived.</summary>
    [Parameter(Position = 1, ParameterSetName = Named)]
    [Parameter(ParameterSetName = Back)]
    [PSDefaultValue(Help = "Production, with -Previous")]
    [OneValue]
    public ModelStage? Stage { get; set; }

    /// <summary>The version number, also a number or that of a record in the pipeline.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = Named)]
    public int? Version { get; set; }

    /// <summary>Returns to the version that was in the stage before the one that is there now.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Back)]
    public SwitchParameter Previous { get; set; }

    /// <summary>Why the stage changes; it is recorded with the change.</summary>
    [Parameter]
    [AllowEmptyString]
    public string Reason { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string? reference = Version is { } number ? number.ToString(CultureInfo.InvariantCulture) : Model;
        var stage = Stage;

        // Get-WmsModel 3 | Set-WmsModelStage Production, or 3 | ...: the version came down the pipeline, so the argument is the stage.
        var named = Version is null ? null : ModelReference.Parse(Model ?? "");
        if (named is { Kind: ModelReferenceKind.Stage, Model: null }) stage ??= Enum.Parse<ModelStage>(named.Value);
        if (!Previous && string.IsNullOrEmpty(reference))
        {
            Refuse(nameof(Model), "No version was given. Name one, such as Set-WmsModelStage 3 Production, or use -Previous.");
            return;
        }

        if (!TryRegistry(Version is null ? Model : null, out var tracking, out string name)) return;
        ITrackingStore? store = null;
        StagePlan? plan = null;
        try
        {
            RunOnWorker(worker =>
            {
                store = OpenExisting(tracking, name);
                var registry = new ModelRegistry(store, name);
                if (Previous)
                {
                    plan = registry.PlanPrevious(stage ?? ModelStage.Production, worker.Stopping);
                    return;
                }

                // A version that does not exist is the error to show first.
                var version = registry.Get(reference!, worker.Stopping);
                plan = registry.Plan(
                    version.Version.ToString(CultureInfo.InvariantCulture), stage ?? throw NoStage(version.Version), worker.Stopping);
            });
            if (plan is null) return;
            string? alias = StageAliases.Of((RegistryStage)plan.Stage);
            if (plan.IsDone && (alias is null || plan.Version.Aliases.Split(", ").Contains(alias)))
            {
                WriteVerbose($"{plan.Version.Model} is in stage {plan.Stage} already.");
                WriteObject(plan.Version);
            }
            else if (ShouldProcess($"models:/{name}", plan.Description))
            {
                RunOnWorker(worker =>
                {
                    var changed = new ModelRegistry(store!, name).Apply(plan, Reason, worker.Stopping);
                    worker.Post(() => WriteObject(changed, enumerateCollection: true));
                });
            }
        }
        finally
        {
            store?.Dispose();
        }
    }

    private static SettingsException NoStage(int version) => new(
        nameof(Stage),
        string.Create(
            CultureInfo.InvariantCulture, $"No stage was given. Name one, such as Set-WmsModelStage {version} Production."));
}
