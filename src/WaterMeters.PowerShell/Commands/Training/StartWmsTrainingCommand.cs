using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Evaluation.Promotions;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Jobs;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>Trains a U-Net to find the digit window.</summary>
/// <seealso href="about_WaterMeters_Training"/>
/// <seealso href="about_WaterMeters_Settings"/>
/// <remarks>
/// <para>Without -ConfigPath, training uses the module's recipe: smaller images first, cross-entropy plus Dice loss, warm-up and cosine
/// schedule, and a moving average of the weights. With -ConfigPath, it uses a train.yaml of the legacy pipeline, unchanged. A parameter
/// that is given takes precedence over both.</para>
/// <para>A run writes everything into one folder: model.safetensors (the best epoch), checkpoint.safetensors (the last epoch),
/// metrics.json, epochs.jsonl with one line for each epoch, and mlflow.json if the run is recorded. The output pipes to
/// Compare-WmsModel and Measure-WmsModel; its ModelPath is the -Model of Invoke-WmsPrediction.</para>
/// <para>-Resume continues an interrupted training from the end of its last complete epoch. On one machine with one thread count the
/// result equals that of an uninterrupted training. Without a checkpoint, -Resume starts a new training, so you can repeat the same
/// command until it completes.</para>
/// <para>-Attempts trains several times with consecutive seeds and returns one record for each attempt, in order. Attempts are ranked on
/// the validation photos only: by Dice, then IoU, then the earlier attempt; the best has IsBest set. Only the best attempt is measured
/// on the test photos; the others have no TestPhotos and no test scores. An attempt whose loss is not finite twice has StopReason
/// Failed and the others continue; if all fail, it is an error. With -Resume, completed attempts are measured but not trained again, and
/// the interrupted one continues; after Ctrl+C, completed attempts remain usable runs. Pipe only Where-Object IsBest to other cmdlets:
/// measuring all attempts on the test photos would turn the test into a selection.</para>
/// <para>-Promote applies the gate of Compare-WmsModel to the trained model and the one in production: the version in stage Production of
/// the registry, or else the nearest models/production.*; if there is none, -Baseline can name a model to beat. The gate section of the
/// nearest wms.yaml sets the requirements, and each decision is entered in the ledger beside the data set and in tags of the run. A model
/// that passes becomes a version of the registered model in stage Production, with the alias champion, and the previous version is
/// archived. Then it becomes models/production.safetensors, in the folder of the previous one, or else beside the nearest wms.yaml or in
/// the current location; the previous model is kept beside it as production-DIGEST.safetensors. The output has Verdict, Passed, GateReason,
/// PromotedVersion, PromotedPath and ReplacedPath. The first model has no baseline and passes only with a minimum Dice, from -MinimumDice
/// or gate.minimumDice. A baseline that cannot be read is an error before training starts; nothing is promoted. With -NoTracking, or if the
/// store does not have the run, the registry stays as it is, with a warning.</para>
/// <para>-Preset chooses the stages: Quick, Standard or Thorough. -Epochs, -ImageSize and -BatchSize change the numbers of its stages, or
/// of the stage in train.yaml; -Stage states each stage in full and is used without them.</para>
/// <para>Each training is recorded as an MLflow run, with its settings, the figures of each epoch, the machine, digests of the photos and
/// the split, pages of curves and predictions, and the model as an MLflow folder: by default in mlflow.db and mlruns of the project, or on
/// the server of MLFLOW_TRACKING_URI. A store that fails is a warning and never stops a training; see about_WaterMeters_Training. The
/// output has RunName, RunId, TrackingUri and RunUrl.</para>
/// <para>The first information line names the folder of the run; the next one, before the start, the number of steps, the memory needed,
/// the stages and roughly the time; another, after ten steps at each image size, the time remaining. After Ctrl+C, a line shows the command
/// that continues. -WhatIf shows the forecast: it reads the photo files, does not load libtorch, and writes nothing.</para>
/// <para>-Remote trains on the machine of Start-WmsInfrastructure: on the published version of the data set (Publish-WmsDataset, in S3),
/// with this version of the module. The machine is started for it and powers off after it. Epochs are shown as they end; the run is
/// downloaded completely or not at all, with the digests of its files compared, and is then recorded and, with -Promote, compared here. The
/// training does not depend on this computer: after a broken connection, a closed computer or -Detach, the same command, or -Resume with
/// -RunId, attaches to it. Ctrl+C stops it and releases the machine; the same command continues after the last finished epoch.
/// -WhatIf shows the job, the machine and what it costs.</para>
/// <para>A process trains one model at a time: a second training is an error, from any runspace. Start it with Start-Job, in a process of
/// its own. Prediction and measurement can run at the same time.</para>
/// </remarks>
/// <example><para>Train with the module's recipe and compare the result with the model in production.</para>
/// <code>Start-WmsTraining ./meters | Compare-WmsModel -Baseline ./models/production.safetensors</code></example>
/// <example><para>Train briefly on small images.</para>
/// <code>Start-WmsTraining ./meters -OutputPath ./runs/first -Stage 128x10x8,256x2x8 -Seed 1</code></example>
/// <example><para>Train for some minutes, to see whether a model can learn from the photos.</para>
/// <code>Start-WmsTraining ./meters -Preset Quick</code></example>
/// <example><para>Train the default stages with a smaller model input and fewer photos in a step.</para>
/// <code>Start-WmsTraining ./meters -ImageSize 384 -BatchSize 2</code></example>
/// <example><para>Show the steps, the memory and roughly the time of a training without training.</para>
/// <code>Start-WmsTraining ./meters -WhatIf</code></example>
/// <example><para>Train with the legacy pipeline's recipe, but fewer epochs.</para>
/// <code>Start-WmsTraining ./meters -ConfigPath train.yaml -Stage 512x10x4</code></example>
/// <example><para>Train three times and measure the best attempt, chosen on the validation photos, on the test photos.</para>
/// <code>Start-WmsTraining ./meters -OutputPath ./runs/three -Attempts 3 | Where-Object IsBest | Measure-WmsModel</code></example>
/// <example><para>Train three times and put the best model into production if it passes the gate.</para>
/// <code>
/// Start-WmsTraining ./meters -Attempts 3 -Promote |
///     Format-Table Attempt, Seed, EndReason, ValidationDice, Verdict, PromotedPath
/// </code></example>
/// <example><para>Put a first model into production if its mean Dice on the test photos is high enough.</para>
/// <code>Start-WmsTraining ./meters -Promote -MinimumDice 0.85</code></example>
/// <example><para>Record the training in a database of its own, under a name of its own.</para>
/// <code>Start-WmsTraining ./meters -TrackingUri ./trials.db -Experiment trials -RunName 'rotated 15' -RotationDegrees 15</code></example>
/// <example><para>Show what a training on the machine would cost at most.</para>
/// <code>Start-WmsTraining ./meters -Remote -For 3h -BucketName meters-lease -WhatIf</code></example>
/// <example><para>Start a training on the machine, and get its run later.</para>
/// <code>
/// Start-WmsTraining ./meters -Remote -Detach -RunId night -BucketName meters-lease
/// Start-WmsTraining ./meters -Remote -Resume -RunId night -OutputPath ./runs/night -BucketName meters-lease
/// </code></example>
/// <example><para>Resume an interrupted training.</para><code>Start-WmsTraining ./meters -OutputPath ./runs/first -Resume</code></example>
[Cmdlet(VerbsLifecycle.Start, "WmsTraining", SupportsShouldProcess = true)]
[OutputType(typeof(TrainingResult))]
public sealed partial class StartWmsTrainingCommand : WmsCmdlet
{
    /// <summary>Folder of the data set.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "dataset.path of wms.yaml")]
    [PathOf("DataPath", "FullName", "PSPath", "Path", "Name")]
    [ArgumentCompleter(typeof(DatasetFolderCompleter))]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public string DataPath { get; set; } = "";

    /// <summary>
    /// Folder of the run. The default is a new folder runs/DATE-TIME, or DATE-TIME in training.output of the nearest wms.yaml.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "runs/DATE-TIME")]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>
    /// Number of trainings, with consecutive seeds that start at -Seed. Each has its own folder attempt-1, attempt-2 ... in -OutputPath.
    /// The best on the validation photos is chosen, and only that one is measured on the test photos.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Value = 1)]
    public int Attempts { get; set; } = 1;

    /// <summary>A train.yaml of the legacy pipeline whose recipe to use.</summary>
    [Parameter]
    [PSDefaultValue(Help = "none, or training.config of wms.yaml")]
    [ArgumentCompleter(typeof(TrainConfigCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ConfigPath { get; set; }

    /// <summary>A split file: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? SplitPath { get; set; }

    /// <summary>
    /// Resumes the run in -OutputPath from its last checkpoint, with the settings it was started with; without a checkpoint, starts a
    /// new run. Changed settings, photos or split are an error that names them.
    /// </summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Replaces an existing run in the output folder. With -Resume, continues even if settings, photos or split changed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override object ErrorTarget => DataPath;

    /// <inheritdoc/>
    private protected override bool FailureTerminates => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    private protected override bool DecidesGate => Promote;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (JobId is not null)
        {
            RunJob(JobId);
            return;
        }

        CheckRemoteParameters();
        if (Resume && OutputPath is null)
        {
            ThrowTerminatingError(WmsErrors.From(
                new SettingsException(nameof(Resume), "-Resume requires the folder of the run to continue. Name it with -OutputPath.")));
        }

        CheckStageParameters();
        if (!TryPromotionRequest(out var promotion) || !TrySettings(out var settings)) return;
        if (!TryRecording(out var recording)) return;
        AwsSettings? aws = null;
        string? projectRemote = null;
        if (Remote && (!TryMachine(out aws) || !TryProjectRemote(out projectRemote))) return;
        if (!TryDataPath(DataPath, out string data) || !TryProjectSplit(data, out string? projectSplit)) return;
        string folder = OutputPath ?? NewRunFolder(settings.OutputPath ?? "runs"), output = ResolvePath(folder);
        string? config = ConfigPath is null ? settings.ConfigPath : ResolvePath(ConfigPath);
        string? split = SplitPath is null ? null : ResolvePath(SplitPath);
        string action = $"Train {(HasSeveralAttempts ? $"{Attempts} times " : "")}on '{data}'{(Remote ? " on the machine" : "")}, "
            + $"into '{output}'";
        bool train = ShouldProcess(action + ".", action + "?", "Start-WmsTraining", out var reason);
        if (!train && reason != ShouldProcessReason.WhatIf) return;
        IReadOnlyList<TrainingResult> results = [];
        void Work(PipelineWorker worker)
        {
            var reporter = new TrainingReporter(this, worker);
            if (train) reporter.Information($"run folder '{output}'");
            bool resumesHere = Resume && !Remote;
            var run = resumesHere && !HasSeveralAttempts ? OpenRun(output) : null;
            var saved = resumesHere && HasSeveralAttempts ? TrainingAttempts.ReadOptions(output, Attempts) : run?.Options;
            if (resumesHere && saved is null)
            {
                // Fails first when the training cannot start at all: then no warning about the checkpoint.
                DatasetListing.Read(data);
                reporter.Warn($"'{output}' has no checkpoint to resume. Starting a new training.");
            }

            var options = (saved ?? new TrainingOptions { DataPath = data, OutputPath = output }) with
            {
                DataPath = data,
                OutputPath = output,
                SplitPath = split ?? (saved is null ? projectSplit : saved.SplitPath),
                ModuleVersion = ModuleVersion.Text,
            };

            // A run that resumes has its settings already; only a file that was named is read again.
            if (config is not null && (ConfigPath is not null || saved is null))
            {
                options = TrainConfigFile.Read(config, options, reporter.Warn);
            }

            options = WithGivenParameters(options);
            if (promotion is not null)
            {
                ModelPromotion.CheckData(promotion, data, options.SplitPath, checkLedger: train, reporter.Warn, worker.Stopping);
            }

            if (aws is not null)
            {
                var remote = RemoteOptions(options, projectRemote);
                if (train) results = TrainRemotely(remote, aws, recording, worker, reporter);
                else PreviewRemote(remote, aws, worker, reporter);
            }
            else if (train)
            {
                results = Record(recording, worker, reporter, reporter, observer => Train(options, run, observer, worker.Stopping));
            }
            else Preview(options, run, reporter, worker.Stopping);
        }

        try
        {
            RunOnWorker(Work);
            if (results.Count > 0 && promotion is not null) PromoteBest(promotion, results);
            else WriteObject(results, enumerateCollection: true);
            if (!train && promotion is not null) PreviewPromotion(promotion);
        }
        catch (PipelineStoppedException) when (Stopping && train)
        {
            // A stopped pipeline accepts no records; only the host can still be told.
            Host?.UI?.WriteLine(!Remote ? StoppedLine(folder, output)
                : jobId is null ? "Stopped before the job was started."
                : $"The job is asked to stop. To continue it: {AttachCommand(folder)}");
            throw;
        }
    }

    private bool HasSeveralAttempts => Attempts != 1;

    /// <summary>Reads the training part of the nearest wms.yaml. False after an error.</summary>
    private bool TrySettings(out TrainingSettings settings)
    {
        settings = new TrainingSettings(null, null);
        try
        {
            // With -Promote the file is read for the gate too, and has given its warnings.
            settings = TrainingSettings.Read(NearestSettings(Location, Promote ? _ => { } : WriteWarning), WriteWarning);
            return true;
        }
        catch (SettingsException e)
        {
            return FailSetting(e);
        }
    }

    /// <summary>Opens the run to resume; null without a checkpoint.</summary>
    private static ResumableRun? OpenRun(string output)
    {
        TrainingAttempts.EnsureNone(output);
        return ResumableRun.Open(output);
    }

    private IReadOnlyList<TrainingResult> Train(
        TrainingOptions options, ResumableRun? run, ITrainingObserver observer, CancellationToken stop) =>
        HasSeveralAttempts ? TrainingAttempts.Run(options, Attempts, Resume, Force, observer, stop)
        : run is not null ? [Trainer.Resume(run, options, Force, observer, stop)]
        : [Trainer.Run(options, Force, observer, stop)];

    /// <summary>Reports steps and memory, for -WhatIf.</summary>
    private void Preview(TrainingOptions options, ResumableRun? run, TrainingReporter reporter, CancellationToken stop)
    {
        if (!HasSeveralAttempts) reporter.Information(TrainingForecast.Read(options, run, Force, stop).ToString());
        else foreach (string line in TrainingAttempts.Forecast(options, Attempts, Resume, Force, stop)) reporter.Information(line);
    }

    /// <summary>Returns a folder named by date and time, with a number appended if two trainings start in one second.</summary>
    private string NewRunFolder(string parent)
    {
        string time = System.IO.Path.Combine(parent, DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)), run = time;
        for (int number = 2; Directory.Exists(ResolvePath(run)); number++) run = FormattableString.Invariant($"{time}-{number}");
        return run;
    }
}
