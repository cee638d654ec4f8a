using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using WaterMeters.Ml.Training;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>Trains a U-Net to find the digit window.</summary>
/// <remarks>
/// <para>Without -ConfigPath the module's own recipe is used: smaller pictures first, cross-entropy plus Dice, warm-up and cosine, an average of the weights. With -ConfigPath the seed system's train.yaml is read as it is. Each parameter that is given wins over both.</para>
/// <para>Everything a run writes lies in one folder: model.safetensors (the best epoch), checkpoint.safetensors (the last one), metrics.json, and epochs.jsonl with a line an epoch. The record it gives back pipes into Compare-WmsModel and Measure-WmsModel, and its ModelPath is what Invoke-WmsPrediction takes as -Model.</para>
/// <para>A process trains one model at a time.</para>
/// </remarks>
/// <example><para>Trains with the module's own recipe and compares the result with the model in production.</para><code>Start-WmsTraining ./meters | Compare-WmsModel -Baseline ./models/production.safetensors</code></example>
/// <example><para>A short training on small pictures.</para><code>Start-WmsTraining ./meters -OutputPath ./runs/first -Stage 128x10x8,256x2x8 -Seed 1</code></example>
/// <example><para>The seed system's recipe, with fewer epochs.</para><code>Start-WmsTraining ./meters -ConfigPath train.yaml -Stage 512x10x4</code></example>
[Cmdlet(VerbsLifecycle.Start, "WmsTraining", SupportsShouldProcess = true)]
[OutputType(typeof(TrainingResult))]
public sealed class StartWmsTrainingCommand : WmsCmdlet
{
    /// <summary>Folder of the data set.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public string DataPath { get; set; } = "";

    /// <summary>Folder of the run; runs/DATE-TIME when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>A train.yaml of the seed system, for its recipe.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConfigPath { get; set; }

    /// <summary>A split file: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SplitPath { get; set; }

    /// <summary>Stages as SIZExEPOCHSxBATCH, such as 256x14x8; the last one's size is the model's input size. Without it the number of photos decides.</summary>
    [Parameter]
    public TrainingStage[]? Stage { get; set; }

    /// <summary>Highest learning rate.</summary>
    [Parameter]
    public double LearningRate { get; set; }

    /// <summary>Weight decay.</summary>
    [Parameter]
    public double WeightDecay { get; set; }

    /// <summary>What is minimised.</summary>
    [Parameter]
    public LossKind Loss { get; set; }

    /// <summary>How a step is made.</summary>
    [Parameter]
    public OptimizerKind Optimizer { get; set; }

    /// <summary>How the learning rate changes.</summary>
    [Parameter]
    public ScheduleKind Schedule { get; set; }

    /// <summary>Steps of the linear warm-up of the Cosine schedule; at most a tenth of all steps are used.</summary>
    [Parameter]
    public int WarmupSteps { get; set; }

    /// <summary>What the Plateau schedule multiplies the rate by.</summary>
    [Parameter]
    public double PlateauFactor { get; set; }

    /// <summary>Epochs without a lower validation loss that the Plateau schedule lets pass.</summary>
    [Parameter]
    public int PlateauPatience { get; set; }

    /// <summary>Lowest rate of the Plateau schedule.</summary>
    [Parameter]
    public double MinimumLearningRate { get; set; }

    /// <summary>Decay of the average of the weights that becomes the model; 0 takes the weights themselves.</summary>
    [Parameter]
    public double AverageDecay { get; set; }

    /// <summary>Epochs of the last stage without a lower validation loss after which training stops; 0 never stops early.</summary>
    [Parameter]
    public int EarlyStoppingPatience { get; set; }

    /// <summary>Probability of a horizontal flip.</summary>
    [Parameter]
    public double HorizontalFlip { get; set; }

    /// <summary>Probability of a vertical flip.</summary>
    [Parameter]
    public double VerticalFlip { get; set; }

    /// <summary>Largest rotation either way, degrees.</summary>
    [Parameter]
    public double RotationDegrees { get; set; }

    /// <summary>Probability of a rotation.</summary>
    [Parameter]
    public double RotationProbability { get; set; }

    /// <summary>Probability that the brightness is multiplied by 0.8 to 1.2.</summary>
    [Parameter]
    public double BrightnessProbability { get; set; }

    /// <summary>Channels of the network's first block: 16 is the network of the seed system, fewer are faster and weaker.</summary>
    [Parameter]
    public int BaseChannels { get; set; }

    /// <summary>Seed of the first weights, the order of the photos and the augmentation.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>The numbers to compute with.</summary>
    [Parameter]
    public Precision Precision { get; set; }

    /// <summary>Where to compute.</summary>
    [Parameter]
    public ComputeDevice Device { get; set; }

    /// <summary>Threads that prepare batches; they change no result.</summary>
    [Parameter]
    public int AugmentationThreads { get; set; }

    /// <summary>Replaces a run that the output folder holds.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureIsFinal => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string data = Absolute(DataPath);
        string output = Absolute(OutputPath ?? System.IO.Path.Combine("runs", DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)));
        string? config = ConfigPath is null ? null : Absolute(ConfigPath), split = SplitPath is null ? null : Absolute(SplitPath);
        if (!ShouldProcess(output, $"Train on '{data}'")) return;
        RunOnWorker(worker =>
        {
            var observer = new TrainingReporter(this, worker);
            var options = new TrainingOptions { DataPath = data, OutputPath = output, SplitPath = split, ModuleVersion = Version() };
            if (config is not null) options = TrainConfigFile.Read(config, options, observer.Warn);
            var result = Trainer.Run(Given(options), Force, observer, worker.Stopping);
            worker.Post(() => WriteObject(result));
        });
    }

    private TrainingOptions Given(TrainingOptions o)
    {
        return o with
        {
            Stages = Stage ?? o.Stages,
            LearningRate = Or(nameof(LearningRate), LearningRate, o.LearningRate),
            WeightDecay = Or(nameof(WeightDecay), WeightDecay, o.WeightDecay),
            Loss = Or(nameof(Loss), Loss, o.Loss),
            Optimizer = Or(nameof(Optimizer), Optimizer, o.Optimizer),
            Schedule = Or(nameof(Schedule), Schedule, o.Schedule),
            WarmupSteps = Or(nameof(WarmupSteps), WarmupSteps, o.WarmupSteps),
            PlateauFactor = Or(nameof(PlateauFactor), PlateauFactor, o.PlateauFactor),
            PlateauPatience = Or(nameof(PlateauPatience), PlateauPatience, o.PlateauPatience),
            MinimumLearningRate = Or(nameof(MinimumLearningRate), MinimumLearningRate, o.MinimumLearningRate),
            AverageDecay = Or(nameof(AverageDecay), AverageDecay, o.AverageDecay),
            EarlyStoppingPatience = Or(nameof(EarlyStoppingPatience), EarlyStoppingPatience, o.EarlyStoppingPatience),
            HorizontalFlip = Or(nameof(HorizontalFlip), HorizontalFlip, o.HorizontalFlip),
            VerticalFlip = Or(nameof(VerticalFlip), VerticalFlip, o.VerticalFlip),
            RotationDegrees = Or(nameof(RotationDegrees), RotationDegrees, o.RotationDegrees),
            RotationProbability = Or(nameof(RotationProbability), RotationProbability, o.RotationProbability),
            BrightnessProbability = Or(nameof(BrightnessProbability), BrightnessProbability, o.BrightnessProbability),
            BaseChannels = Or(nameof(BaseChannels), BaseChannels, o.BaseChannels),
            Seed = Or(nameof(Seed), Seed, o.Seed),
            Precision = Or(nameof(Precision), Precision, o.Precision),
            Device = Or(nameof(Device), Device, o.Device),
            AugmentationThreads = Or(nameof(AugmentationThreads), AugmentationThreads, o.AugmentationThreads),
        };
    }

    private T Or<T>(string parameter, T given, T standard) => MyInvocation.BoundParameters.ContainsKey(parameter) ? given : standard;

    private static string Version() => typeof(StartWmsTrainingCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
