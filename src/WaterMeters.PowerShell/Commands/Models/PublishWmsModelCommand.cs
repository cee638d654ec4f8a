using System.Management.Automation;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Registers a model as a new version, and puts it into production if it passes the gate.</summary>
/// <seealso href="about_WaterMeters_Registry"/>
/// <remarks>
/// <para>The model is that of a run, from Start-WmsTraining or Get-WmsRun, or a file. The folder of a training stands for its run. A file,
/// and a folder whose run or model the store does not have, gets a run of its own, with its scores, so that MLflow can show and load
/// it.</para>
/// <para>Without -Stage, the version is only registered: nothing is compared. With -Stage Production, the model must pass the gate of
/// Compare-WmsModel against the version in production, on the test photos of the data set; the gate section of the nearest wms.yaml sets
/// the requirements, and the decision is entered in the ledger beside the data set. While no version is in production, the model to beat is
/// the nearest models/production.*; without that, it passes only with a minimum Dice, from -MinimumDice or gate.minimumDice. A model that
/// does not pass is an error (GateNotPassed), and nothing is registered.</para>
/// <para>-Force puts a model into production without the gate; the reason is then required and recorded.</para>
/// <para>The output is the version that was made.</para>
/// </remarks>
/// <example><para>Register the model of a training.</para><code>Publish-WmsModel ./runs/first</code></example>
/// <example><para>Train a model, and put it into production if it is better.</para>
/// <code>
/// try { Start-WmsTraining ./meters | Publish-WmsModel -Stage Production -ErrorAction Stop }
/// catch [WaterMeters.GateException] { 'Not better: ' + $_.Exception.Comparison.Reason }
/// </code></example>
/// <example><para>Put a first model into production that has not been compared.</para>
/// <code>Publish-WmsModel ./runs/first -Stage Production -Force -Reason 'The first model'</code></example>
/// <example><para>Register a model with an alias, to try it.</para>
/// <code>Publish-WmsModel ./runs/second -Stage Staging -Alias night-photos</code></example>
/// <seealso cref="GetWmsModelCommand"/>
/// <seealso cref="SetWmsModelStageCommand"/>
/// <seealso cref="SyncWmsModelCommand"/>
[Cmdlet(VerbsData.Publish, "WmsModel", SupportsShouldProcess = true)]
[OutputType(typeof(RegisteredModelVersion))]
public sealed class PublishWmsModelCommand : RegistryCmdlet
{
    private bool isSplitPathParameter;

    /// <summary>
    /// The model: a file, the folder of a training, or a run (runs:/ID, or runs:/ID/FOLDER for a folder in its artifacts); also from a
    /// record or file in the pipeline.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [PathOf("ModelPath", "OutputPath", "FullName", "PSPath", "Path", "Name")]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [Alias("Path", "ModelPath")]
    [AllowNull, AllowEmptyString]
    public string? Model { get; set; }

    /// <summary>
    /// Identifier of the run that made the model, also of a record in the pipeline. The file of the record is used if the store does not
    /// have the run.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString]
    public string? RunId { get; set; }

    /// <summary>The registry stage of the new version. Production requires that the model passes the gate.</summary>
    [Parameter]
    [PSDefaultValue(Value = ModelStage.None)]
    [OneValue]
    public ModelStage Stage { get; set; }

    /// <summary>An alias for the new version, besides champion (Production) and challenger (Staging).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Alias { get; set; }

    /// <summary>Folder of the data set with the test photos of the gate.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "dataset.path of wms.yaml")]
    [ArgumentCompleter(typeof(DatasetFolderCompleter))]
    [AllowNull, AllowEmptyString]
    public string? DataPath { get; set; }

    /// <summary>A split file for the gate: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    [AllowNull, AllowEmptyString]
    public string? SplitPath { get; set; }

    /// <summary>The lowest mean Dice that passes the gate. Required for the first model, which has no baseline.</summary>
    [Parameter]
    [PSDefaultValue(Help = "none, or gate.minimumDice of wms.yaml")]
    [EmptyIsUnset]
    public double? MinimumDice { get; set; }

    /// <summary>Name of the experiment that gets the run of a model file.</summary>
    [Parameter]
    [PSDefaultValue(Help = "MLFLOW_EXPERIMENT_NAME, tracking.experiment of wms.yaml, or water-meter-segmentation")]
    [ValidateNotNullOrEmpty]
    public string? Experiment { get; set; }

    /// <summary>Why the version comes into the stage; it is recorded. The default is what the gate says.</summary>
    [Parameter]
    [AllowEmptyString]
    public string Reason { get; set; } = "";

    /// <summary>Puts the model into production without the gate. Requires -Reason.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override bool DecidesGate => NeedsGate;

    /// <inheritdoc/>
    private protected override object ErrorTarget => (string.IsNullOrEmpty(RunId) ? Model : RunId) ?? "";

    private bool NeedsGate => Stage == ModelStage.Production && !Force;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        isSplitPathParameter = IsGiven(nameof(SplitPath));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!AreParametersValid() || !TryRegistry(null, out var tracking, out string name)) return;
        if (!TrySource(out var run, out string? file, out string? folder) || !TryGate(out var gate)) return;
        var request = new PublishRequest
        {
            ModelName = name,
            Experiment = Experiment ?? tracking.Experiment,
            Stage = Stage,
            Alias = Alias,
            Reason = Reason,
            Gate = gate,
        };
        ITrackingStore? store = null;
        PublishPlan? plan = null;
        try
        {
            RunOnWorker(worker =>
            {
                store = tracking.Open();
                if (folder is not null && ModelPublisher.RunOf(store, folder, file!, worker.Stopping) is { } id)
                {
                    run = new ModelReference(ModelReferenceKind.Run, null, id);
                }

                plan = Plan(worker, store, request, run, file);
            });
            if (plan is null || !ShouldProcess($"models:/{name}", plan.Description)) return;
            if (plan.Same is { } same)
            {
                WriteWarning(FormattableString.Invariant(
                    $"Version {same} of '{name}' is a model of the same run. Set-WmsModelStage {same} changes its stage without another ") +
                    "version.");
            }

            RunOnWorker(worker => Publish(worker, store!, plan, gate));
        }
        finally
        {
            store?.Dispose();
        }
    }

    private static PublishPlan Plan(
        PipelineWorker worker, ITrackingStore store, PublishRequest request, ModelReference? run, string? file)
    {
        if (run is not null)
        {
            try
            {
                return ModelPublisher.Plan(store, request with { RunId = run.Value, RunPath = run.Path }, worker.Stopping);
            }
            catch (TrackingException e) when (file is not null && e.Fault == TrackingFault.NotFound && e.Target == run.Value)
            {
                worker.Verbose($"{e.Message} Publishing '{file}'.");
            }
        }

        return ModelPublisher.Plan(store, request with { FilePath = file }, worker.Stopping);
    }

    private void Publish(PipelineWorker worker, ITrackingStore store, PublishPlan plan, PublishGate? gate)
    {
        string why = Force ? "-Force was given" : "the version does not go into production";
        if (gate is null) worker.Verbose($"No gate is applied: {why}.");
        var reporting = gate is null ? null : gate with
        {
            ModelRead = model => WarnOf(worker, model),
            Warn = worker.Warn,
            Information = worker.Verbose,
            Progress = (done, total) => worker.ReportCount("Comparing " + ErrorTarget, done, total, "measurements"),
        };
        var made = ModelPublisher.Publish(store, plan with { Request = plan.Request with { Gate = reporting } }, worker.Stopping);
        worker.Post(() => WriteObject(made));
    }

    /// <summary>
    /// Finds the run to publish and the file, which is used if the store does not have the run, and the folder of a training if that was
    /// named. False after an error.
    /// </summary>
    private bool TrySource(out ModelReference? run, out string? file, out string? folder)
    {
        file = folder = null;
        bool isRecord = !string.IsNullOrEmpty(RunId);
        run = ModelReference.Parse(isRecord ? "runs:/" + RunId : Model ?? "");
        if (run?.Kind != ModelReferenceKind.Run) run = null;
        bool hasFile = TryResolvePath(Model ?? "", out string path, out _) && System.IO.Path.Exists(path);
        if (run is null && System.IO.Directory.Exists(path)) folder = path;
        return (run is not null && !(isRecord && hasFile)) || TryModelPath(Model ?? "", out file);
    }

    /// <summary>Reads what the model must show, from parameters and wms.yaml; null without a gate. False after an error.</summary>
    private bool TryGate(out PublishGate? gate)
    {
        gate = null;
        if (!NeedsGate) return true;
        if (!TryDataPath(DataPath, out string data)) return false;
        string? split;
        if (isSplitPathParameter || !string.IsNullOrEmpty(SplitPath))
        {
            if (!TryResolvePath(SplitPath ?? "", out split, out var error))
            {
                Fail(error);
                return false;
            }
        }
        else if (!TryProjectSplit(data, out split))
        {
            return false;
        }

        try
        {
            var options = GateSettings.Read(NearestSettings(Location, _ => { }), WriteWarning);
            options = options with { MinimumDice = MinimumDice ?? options.MinimumDice };
            options.Check();
            gate = new PublishGate { DataPath = data, SplitPath = split, Options = options, Location = Location };
            return true;
        }
        catch (SettingsException e)
        {
            Fail(WmsErrors.From(e));
            return false;
        }
    }

    private bool AreParametersValid()
    {
        // A limit that an unset variable leaves empty would open the gate.
        if (IsGiven(nameof(MinimumDice)) && MinimumDice is null)
        {
            Fail(WmsErrors.From(WmsErrors.EmptyParameter(nameof(MinimumDice))));
            return false;
        }

        if (MinimumDice is not null && !NeedsGate)
        {
            return Refuse(nameof(MinimumDice), "-MinimumDice is for the gate. Add -Stage Production without -Force, or omit -MinimumDice.");
        }

        if (Force && Stage != ModelStage.Production)
        {
            return Refuse(nameof(Force), "-Force skips the gate, which only -Stage Production has. Add -Stage Production, or omit -Force.");
        }

        if (Force && string.IsNullOrWhiteSpace(Reason))
        {
            return Refuse(nameof(Reason), "-Force puts a model into production that did not pass the gate. Say why with -Reason.");
        }

        return Reason.Length == 0 || Stage != ModelStage.None
            || Refuse(nameof(Reason), "-Reason is recorded with a change of stage. Add -Stage, or omit -Reason.");
    }
}
