using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Training;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>Trains a U-Net to find the digit window.</summary>
/// <seealso href="about_WaterMeters_Training"/>
/// <seealso href="about_WaterMeters_Settings"/>
/// <remarks>
/// <para>Without -ConfigPath the module's own recipe is used: smaller images first, cross-entropy plus Dice, warm-up and cosine, an average of the weights. With -ConfigPath the seed system's train.yaml is read as it is. Each parameter that is given wins over both.</para>
/// <para>Everything a run writes lies in one folder: model.safetensors (the best epoch), checkpoint.safetensors (the last one), metrics.json, and epochs.jsonl with a line an epoch. The record it gives back pipes into Compare-WmsModel and Measure-WmsModel, and its ModelPath is what Invoke-WmsPrediction takes as -Model.</para>
/// <para>A training that was killed or stopped goes on with -Resume from the end of its last whole epoch; on one machine with one thread count its numbers are those of an unbroken one. -Resume without a checkpoint begins, so one and the same command can be started again until it is done.</para>
/// <para>-Attempts trains several times, with one seed after another, and gives one record an attempt, in their order. They are compared on the validation photos alone: the highest Dice counts, then the highest IoU, then the earlier attempt; its record says IsBest. The test photos are opened once, for that model; the others have TestPhotos 0 and NaN for their test scores. An attempt whose loss is not finite twice has the StopReason Failed, and the others go on; when all fail it is an error. With -Resume, attempts that are over are measured and not trained again, and the one that was interrupted goes on; after Ctrl+C those that are over are whole runs of their own. Pipe on what Where-Object IsBest lets through: a test that measures all of them would have been used to choose.</para>
/// <para>-Promote lets the gate of Compare-WmsModel decide between the trained model and the one in production: the nearest models/production.*; where there is none, -Baseline can name a model to beat. The part gate of the nearest wms.yaml says what it asks for, and each decision is entered in the ledger beside the data set. A model that passes becomes models/production.safetensors, where the one before lay or else in the session's location; the one it replaces is kept beside as production-DIGEST.safetensors. The record says Verdict, Passed, GateReason, PromotedPath and ReplacedPath. A first model has nothing to beat, so it passes only with a lowest Dice, from -MinimumDice or gate.minimumDice. A baseline that cannot be read is an error before the training begins, and nothing is promoted.</para>
/// <para>How many steps the training makes and how much memory the process will need is said in an information line before it starts, and after ten steps at each image size how long it will still take. -WhatIf says only the first: it reads the photos' files, loads no libtorch and writes nothing.</para>
/// <para>A process trains one model at a time: a second training is refused, whatever runspace it is started from. Start it with Start-Job, in a process of its own. Predicting and measuring are free to run beside it.</para>
/// </remarks>
/// <example><para>Trains with the module's own recipe and compares the result with the model in production.</para><code>Start-WmsTraining ./meters | Compare-WmsModel -Baseline ./models/production.safetensors</code></example>
/// <example><para>A short training on small images.</para><code>Start-WmsTraining ./meters -OutputPath ./runs/first -Stage 128x10x8,256x2x8 -Seed 1</code></example>
/// <example><para>Tells the steps and the memory of a training, and does not train.</para><code>Start-WmsTraining ./meters -WhatIf</code></example>
/// <example><para>The seed system's recipe, with fewer epochs.</para><code>Start-WmsTraining ./meters -ConfigPath train.yaml -Stage 512x10x4</code></example>
/// <example><para>Trains three times and shows how the best one, chosen by the validation photos, does on photos that it was not chosen by.</para><code>Start-WmsTraining ./meters -OutputPath ./runs/three -Attempts 3 | Where-Object IsBest | Measure-WmsModel</code></example>
/// <example><para>Trains three times and puts the best one into production when it passes the gate.</para><code>Start-WmsTraining ./meters -Attempts 3 -Promote | Format-Table Attempt, Seed, EndReason, ValidationDice, Verdict, PromotedPath</code></example>
/// <example><para>Puts a first model into production when its mean Dice on the test photos is good enough.</para><code>Start-WmsTraining ./meters -Promote -MinimumDice 0.85</code></example>
/// <example><para>Goes on with a training that was interrupted.</para><code>Start-WmsTraining ./meters -OutputPath ./runs/first -Resume</code></example>
[Cmdlet(VerbsLifecycle.Start, "WmsTraining", SupportsShouldProcess = true)]
[OutputType(typeof(TrainingResult))]
public sealed class StartWmsTrainingCommand : PromotingCmdlet
{
    /// <summary>Folder of the data set.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DatasetFolderCompleter))]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public string DataPath { get; set; } = "";

    /// <summary>Folder of the run; runs/DATE-TIME when not given, a new one in any case.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>How many trainings to make, with one seed after another from -Seed on, each in a folder attempt-1, attempt-2 ... of its own below -OutputPath. The best on the validation photos is chosen, and it alone is tested.</summary>
    [Parameter]
    [PSDefaultValue(Value = 1)]
    public int Attempts { get; set; } = 1;

    /// <summary>A train.yaml of the seed system, for its recipe.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TrainConfigCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ConfigPath { get; set; }

    /// <summary>A split file: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? SplitPath { get; set; }

    /// <summary>Goes on with the run in -OutputPath from its last checkpoint, with the settings it was begun with; without a checkpoint it begins. Another setting, other photos or another split are refused by name.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Replaces a run that the output folder holds; with -Resume, goes on with it although something is otherwise.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override object WorksOn => DataPath;

    /// <inheritdoc/>
    private protected override bool FailureIsFinal => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Resume && OutputPath is null) ThrowTerminatingError(WmsErrors.From(new SettingsException(nameof(Resume), "-Resume goes on with a run. Name its folder with -OutputPath.")));
        if (!TryPromotion(out var promotion)) return;
        string data = Absolute(DataPath);
        string output = Absolute(OutputPath ?? NewRun());
        string? config = ConfigPath is null ? null : Absolute(ConfigPath), split = SplitPath is null ? null : Absolute(SplitPath);
        string action = $"Train {(Several ? $"{Attempts} times " : "")}on '{data}', into '{output}'";
        bool train = ShouldProcess(action + ".", action + "?", "Start-WmsTraining", out var reason);
        if (!train && reason != ShouldProcessReason.WhatIf) return;
        IReadOnlyList<TrainingResult> results = [];
        RunOnWorker(worker =>
        {
            var observer = new TrainingReporter(this, worker);
            var run = Resume && !Several ? OpenRun(output) : null;
            var earlier = Resume && Several ? TrainingAttempts.ReadOptions(output, Attempts) : run?.Options;
            if (Resume && earlier is null)
            {
                // Not said of a training that cannot begin either.
                DatasetListing.Read(data);
                observer.Warn($"'{output}' holds no checkpoint to go on from: the training begins.");
            }

            var options = (earlier ?? new TrainingOptions { DataPath = data, OutputPath = output }) with
            {
                DataPath = data, OutputPath = output, SplitPath = split ?? earlier?.SplitPath, ModuleVersion = ModuleVersion.Text,
            };
            if (config is not null) options = TrainConfigFile.Read(config, options, observer.Warn);
            options = Given(options);
            if (train) results = Train(options, run, observer, worker.Stopping);
            else Foretell(options, run, observer, worker.Stopping);
        });

        if (results.Count > 0 && promotion is not null) PromoteBest(promotion, results);
        else WriteObject(results, enumerateCollection: true);
        if (!train && promotion is not null) ForetellPromotion(promotion);
    }

    private bool Several => Attempts != 1;

    private static ResumableRun? OpenRun(string output)
    {
        TrainingAttempts.EnsureNone(output);
        return ResumableRun.Open(output);
    }

    private IReadOnlyList<TrainingResult> Train(
        TrainingOptions options, ResumableRun? run, TrainingReporter observer, CancellationToken stopping) =>
        Several ? TrainingAttempts.Run(options, Attempts, Resume, Force, observer, stopping)
        : run is not null ? [Trainer.Resume(run, options, Force, observer, stopping)]
        : [Trainer.Run(options, Force, observer, stopping)];

    private void Foretell(TrainingOptions options, ResumableRun? run, TrainingReporter observer, CancellationToken stopping)
    {
        if (!Several) observer.Information(TrainingForecast.Read(options, run, Force, stopping).ToString());
        else foreach (string line in TrainingAttempts.Forecast(options, Attempts, Resume, Force, stopping)) observer.Information(line);
    }

    /// <summary>A folder named by the time; with a number behind it when two trainings begin in one second.</summary>
    private string NewRun()
    {
        string time = System.IO.Path.Combine("runs", DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)), run = time;
        for (int number = 2; Directory.Exists(Absolute(run)); number++) run = string.Create(CultureInfo.InvariantCulture, $"{time}-{number}");
        return run;
    }
}
