using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Training;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>Trains a U-Net to find the digit window.</summary>
/// <seealso href="about_WaterMeters_Training"/>
/// <seealso href="about_WaterMeters_Settings"/>
/// <remarks>
/// <para>Without -ConfigPath the module's own recipe is used: smaller pictures first, cross-entropy plus Dice, warm-up and cosine, an average of the weights. With -ConfigPath the seed system's train.yaml is read as it is. Each parameter that is given wins over both.</para>
/// <para>Everything a run writes lies in one folder: model.safetensors (the best epoch), checkpoint.safetensors (the last one), metrics.json, and epochs.jsonl with a line an epoch. The record it gives back pipes into Compare-WmsModel and Measure-WmsModel, and its ModelPath is what Invoke-WmsPrediction takes as -Model.</para>
/// <para>A training that was killed or stopped goes on with -Resume from the end of its last whole epoch; on one machine with one thread count its numbers are those of an unbroken one. -Resume without a checkpoint begins, so one and the same command can be started again until it is done.</para>
/// <para>How many steps the training makes and how much memory the process will need is said in an information line before it starts, and after ten steps at each picture size how long it will still take. -WhatIf says only the first: it reads the photos' files, loads no libtorch and writes nothing.</para>
/// <para>A process trains one model at a time: a second training is refused, whatever runspace it is started from. Start it with Start-Job, in a process of its own. Predicting and measuring are free to run beside it.</para>
/// </remarks>
/// <example><para>Trains with the module's own recipe and compares the result with the model in production.</para><code>Start-WmsTraining ./meters | Compare-WmsModel -Baseline ./models/production.safetensors</code></example>
/// <example><para>A short training on small pictures.</para><code>Start-WmsTraining ./meters -OutputPath ./runs/first -Stage 128x10x8,256x2x8 -Seed 1</code></example>
/// <example><para>Tells the steps and the memory of a training, and does not train.</para><code>Start-WmsTraining ./meters -WhatIf</code></example>
/// <example><para>The seed system's recipe, with fewer epochs.</para><code>Start-WmsTraining ./meters -ConfigPath train.yaml -Stage 512x10x4</code></example>
/// <example><para>Goes on with a training that was interrupted.</para><code>Start-WmsTraining ./meters -OutputPath ./runs/first -Resume</code></example>
[Cmdlet(VerbsLifecycle.Start, "WmsTraining", SupportsShouldProcess = true)]
[OutputType(typeof(TrainingResult))]
public sealed class StartWmsTrainingCommand : TrainingRecipeCmdlet
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
        string data = Absolute(DataPath);
        string output = Absolute(OutputPath ?? NewRun());
        string? config = ConfigPath is null ? null : Absolute(ConfigPath), split = SplitPath is null ? null : Absolute(SplitPath);
        string action = $"Train on '{data}', into '{output}'";
        bool train = ShouldProcess(action + ".", action + "?", "Start-WmsTraining", out var reason);
        if (!train && reason != ShouldProcessReason.WhatIf) return;
        RunOnWorker(worker =>
        {
            var observer = new TrainingReporter(this, worker);
            var begun = Resume ? Trainer.SettingsOf(output) : null;
            if (Resume && begun is null)
            {
                // Not said of a training that cannot begin either.
                DatasetListing.Read(data);
                observer.Warn($"'{output}' holds no checkpoint to go on from: the training begins.");
            }

            var options = (begun ?? new TrainingOptions { DataPath = data, OutputPath = output }) with
            {
                DataPath = data, OutputPath = output, SplitPath = split ?? begun?.SplitPath, ModuleVersion = Version(),
            };
            if (config is not null) options = TrainConfigFile.Read(config, options, observer.Warn);
            options = Given(options);
            if (!train)
            {
                observer.Say(TrainingForecast.Read(options, Resume, Force, worker.Stopping).ToString());
                return;
            }

            var result = begun is null ? Trainer.Run(options, Force, observer, worker.Stopping) : Trainer.Resume(options, Force, observer, worker.Stopping);
            worker.Post(() => WriteObject(result));
        });
    }

    /// <summary>A folder named by the time; with a number behind it when two trainings begin in one second.</summary>
    private string NewRun()
    {
        string time = System.IO.Path.Combine("runs", DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)), run = time;
        for (int number = 2; Directory.Exists(Absolute(run)); number++) run = string.Create(CultureInfo.InvariantCulture, $"{time}-{number}");
        return run;
    }

    private static string Version() => typeof(StartWmsTrainingCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
