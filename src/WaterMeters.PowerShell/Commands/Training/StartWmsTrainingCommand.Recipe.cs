using System.Management.Automation;
using WaterMeters.Ml.Training;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Training;

// The recipe: each parameter that is given takes precedence over the configuration file and the defaults. The defaults are those of
// TrainingOptions; PSDefaultValue states them for the help, and a test compares the two.
public sealed partial class StartWmsTrainingCommand
{
    /// <summary>
    /// Training stages as SIZExEPOCHSxBATCH, such as 256x14x8. The size of the last stage is the model's input size. If omitted, -Preset
    /// and the number of photos determine the stages.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "by -Preset and the number of photos")]
    [ArgumentCompleter(typeof(StageCompleter))]
    public TrainingStage[]? Stage { get; set; }

    /// <summary>
    /// How much to train, if -Stage is omitted: Quick (minutes, to see whether a model can learn), Standard, or Thorough (twice the epochs
    /// of Standard). The first information line states the stages, the memory and roughly the time.
    /// </summary>
    [Parameter]
    [OneValue]
    [PSDefaultValue(Value = TrainingPreset.Standard)]
    public TrainingPreset Preset { get; set; }

    /// <summary>
    /// Epochs of all stages together, distributed over the stages of the preset or of the train.yaml as they are there. With fewer epochs
    /// than stages only the last stages remain. Not with -Stage.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "by the number of photos")]
    public int Epochs { get; set; }

    /// <summary>
    /// Image size of the last stage, which is the model's input size, in pixels: a multiple of 16. The sizes of the other stages change in
    /// proportion. Not with -Stage.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Value = 512)]
    public int ImageSize { get; set; }

    /// <summary>Photos in one step, in all stages. Not with -Stage.</summary>
    [Parameter]
    [PSDefaultValue(Help = "8 at the first size, 4 at the others")]
    public int BatchSize { get; set; }

    /// <summary>Highest learning rate.</summary>
    [Parameter]
    [PSDefaultValue(Value = 2e-3)]
    public double LearningRate { get; set; }

    /// <summary>Weight decay.</summary>
    [Parameter]
    [PSDefaultValue(Value = 1e-4)]
    public double WeightDecay { get; set; }

    /// <summary>Loss function: Bce (binary cross-entropy of each pixel) or BceDice (the same plus one minus the soft Dice).</summary>
    [Parameter]
    [PSDefaultValue(Value = LossKind.BceDice)]
    [OneValue]
    public LossKind Loss { get; set; }

    /// <summary>Optimizer: AdamW (decoupled weight decay) or Adam (weight decay as an L2 term in the gradient).</summary>
    [Parameter]
    [PSDefaultValue(Value = OptimizerKind.AdamW)]
    [OneValue]
    public OptimizerKind Optimizer { get; set; }

    /// <summary>Learning rate schedule: Cosine (warm-up, then a cosine to zero) or Plateau (lowered when validation stalls).</summary>
    [Parameter]
    [PSDefaultValue(Value = ScheduleKind.Cosine)]
    [OneValue]
    public ScheduleKind Schedule { get; set; }

    /// <summary>Steps of linear warm-up of the Cosine schedule, limited to a tenth of all steps.</summary>
    [Parameter]
    [PSDefaultValue(Value = 100)]
    public int WarmupSteps { get; set; }

    /// <summary>Factor by which the Plateau schedule multiplies the learning rate.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.5)]
    public double PlateauFactor { get; set; }

    /// <summary>Epochs without a lower validation loss that the Plateau schedule allows before it lowers the learning rate.</summary>
    [Parameter]
    [PSDefaultValue(Value = 3)]
    public int PlateauPatience { get; set; }

    /// <summary>Lowest learning rate of the Plateau schedule.</summary>
    [Parameter]
    [PSDefaultValue(Value = 1e-6)]
    public double MinimumLearningRate { get; set; }

    /// <summary>Decay of the moving average of the weights, which becomes the model. 0 uses the weights themselves.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.99)]
    public double AverageDecay { get; set; }

    /// <summary>Epochs of the last stage without a lower validation loss after which training stops. 0 never stops early.</summary>
    [Parameter]
    public int EarlyStoppingPatience { get; set; }

    /// <summary>Probability of a horizontal flip.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.5)]
    public double HorizontalFlip { get; set; }

    /// <summary>Probability of a vertical flip.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.5)]
    public double VerticalFlip { get; set; }

    /// <summary>Largest rotation in either direction, in degrees.</summary>
    [Parameter]
    public double RotationDegrees { get; set; }

    /// <summary>Probability of a rotation.</summary>
    [Parameter]
    public double RotationProbability { get; set; }

    /// <summary>Probability that the brightness is multiplied by a factor from 0.8 to 1.2.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.3)]
    public double BrightnessProbability { get; set; }

    /// <summary>Channels of the network's first block. 16 is the legacy pipeline's network; fewer are faster and less accurate.</summary>
    [Parameter]
    [PSDefaultValue(Value = 16)]
    public int BaseChannels { get; set; }

    /// <summary>Random seed of the initial weights, the order of the photos and the augmentation.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>Numeric precision: Auto, Float32 or BFloat16. Auto uses BFloat16 where the processor supports it in hardware.</summary>
    [Parameter]
    [OneValue]
    public Precision Precision { get; set; }

    /// <summary>Compute device: Auto, Cpu or Cuda. Auto uses CUDA if it is available.</summary>
    [Parameter]
    [OneValue]
    public ComputeDevice Device { get; set; }

    /// <summary>Threads that prepare batches. Their number does not change the result.</summary>
    [Parameter]
    [PSDefaultValue(Value = 2)]
    public int AugmentationThreads { get; set; }

    /// <summary>Fails if -Stage is given with a parameter that changes the stages of a preset.</summary>
    private void CheckStageParameters()
    {
        string[] shortWays = [nameof(Preset), nameof(Epochs), nameof(ImageSize), nameof(BatchSize)];
        if (Stage is null || Array.Find(shortWays, IsGiven) is not { } given) return;
        ThrowTerminatingError(WmsErrors.From(new SettingsException(
            given, $"-Stage and -{given} cannot be combined: -Stage states size, epochs and batch of each stage. Omit one of them.")));
    }

    private TrainingOptions WithGivenParameters(TrainingOptions o)
    {
        return o with
        {
            Stages = Stage ?? o.Stages,
            Plan = new StagePlan
            {
                Preset = IsGiven(nameof(Preset)) ? Preset : null,
                Epochs = IsGiven(nameof(Epochs)) ? Epochs : null,
                ImageSize = IsGiven(nameof(ImageSize)) ? ImageSize : null,
                BatchSize = IsGiven(nameof(BatchSize)) ? BatchSize : null,
            },
            LearningRate = GivenOr(nameof(LearningRate), LearningRate, o.LearningRate),
            WeightDecay = GivenOr(nameof(WeightDecay), WeightDecay, o.WeightDecay),
            Loss = GivenOr(nameof(Loss), Loss, o.Loss),
            Optimizer = GivenOr(nameof(Optimizer), Optimizer, o.Optimizer),
            Schedule = GivenOr(nameof(Schedule), Schedule, o.Schedule),
            WarmupSteps = GivenOr(nameof(WarmupSteps), WarmupSteps, o.WarmupSteps),
            PlateauFactor = GivenOr(nameof(PlateauFactor), PlateauFactor, o.PlateauFactor),
            PlateauPatience = GivenOr(nameof(PlateauPatience), PlateauPatience, o.PlateauPatience),
            MinimumLearningRate = GivenOr(nameof(MinimumLearningRate), MinimumLearningRate, o.MinimumLearningRate),
            AverageDecay = GivenOr(nameof(AverageDecay), AverageDecay, o.AverageDecay),
            EarlyStoppingPatience = GivenOr(nameof(EarlyStoppingPatience), EarlyStoppingPatience, o.EarlyStoppingPatience),
            HorizontalFlip = GivenOr(nameof(HorizontalFlip), HorizontalFlip, o.HorizontalFlip),
            VerticalFlip = GivenOr(nameof(VerticalFlip), VerticalFlip, o.VerticalFlip),
            RotationDegrees = GivenOr(nameof(RotationDegrees), RotationDegrees, o.RotationDegrees),
            RotationProbability = GivenOr(nameof(RotationProbability), RotationProbability, o.RotationProbability),
            BrightnessProbability = GivenOr(nameof(BrightnessProbability), BrightnessProbability, o.BrightnessProbability),
            BaseChannels = GivenOr(nameof(BaseChannels), BaseChannels, o.BaseChannels),
            Seed = GivenOr(nameof(Seed), Seed, o.Seed),
            Precision = GivenOr(nameof(Precision), Precision, o.Precision),
            Device = GivenOr(nameof(Device), Device, o.Device),
            AugmentationThreads = GivenOr(nameof(AugmentationThreads), AugmentationThreads, o.AugmentationThreads),
        };
    }

    private T GivenOr<T>(string parameter, T given, T current) => IsGiven(parameter) ? given : current;
}
