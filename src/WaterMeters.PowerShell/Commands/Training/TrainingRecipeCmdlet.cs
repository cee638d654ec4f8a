using System.Management.Automation;
using WaterMeters.Ml.Training;
using WaterMeters.PowerShell.Completion;

namespace WaterMeters.PowerShell.Commands.Training;

/// <summary>A cmdlet whose parameters are the values of a recipe; each one that is given wins over a configuration file and over the defaults.</summary>
/// <remarks>The defaults are those of <see cref="TrainingOptions"/>; the attributes say them to the help, and a test holds them together.</remarks>
public abstract class TrainingRecipeCmdlet : WmsCmdlet
{
    /// <summary>Stages as SIZExEPOCHSxBATCH, such as 256x14x8; the last one's size is the model's input size. Without it the number of photos decides.</summary>
    [Parameter]
    [PSDefaultValue(Help = "by the number of photos")]
    [ArgumentCompleter(typeof(StageCompleter))]
    public TrainingStage[]? Stage { get; set; }

    /// <summary>Highest learning rate.</summary>
    [Parameter]
    [PSDefaultValue(Value = 2e-3)]
    public double LearningRate { get; set; }

    /// <summary>Weight decay.</summary>
    [Parameter]
    [PSDefaultValue(Value = 1e-4)]
    public double WeightDecay { get; set; }

    /// <summary>What is minimised.</summary>
    [Parameter]
    [PSDefaultValue(Value = LossKind.BceDice)]
    public LossKind Loss { get; set; }

    /// <summary>How a step is made.</summary>
    [Parameter]
    [PSDefaultValue(Value = OptimizerKind.AdamW)]
    public OptimizerKind Optimizer { get; set; }

    /// <summary>How the learning rate changes.</summary>
    [Parameter]
    [PSDefaultValue(Value = ScheduleKind.Cosine)]
    public ScheduleKind Schedule { get; set; }

    /// <summary>Steps of the linear warm-up of the Cosine schedule; at most a tenth of all steps are used.</summary>
    [Parameter]
    [PSDefaultValue(Value = 100)]
    public int WarmupSteps { get; set; }

    /// <summary>What the Plateau schedule multiplies the rate by.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.5)]
    public double PlateauFactor { get; set; }

    /// <summary>Epochs without a lower validation loss that the Plateau schedule lets pass.</summary>
    [Parameter]
    [PSDefaultValue(Value = 3)]
    public int PlateauPatience { get; set; }

    /// <summary>Lowest rate of the Plateau schedule.</summary>
    [Parameter]
    [PSDefaultValue(Value = 1e-6)]
    public double MinimumLearningRate { get; set; }

    /// <summary>Decay of the average of the weights that becomes the model; 0 takes the weights themselves.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.99)]
    public double AverageDecay { get; set; }

    /// <summary>Epochs of the last stage without a lower validation loss after which training stops; 0 never stops early.</summary>
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

    /// <summary>Largest rotation either way, degrees.</summary>
    [Parameter]
    public double RotationDegrees { get; set; }

    /// <summary>Probability of a rotation.</summary>
    [Parameter]
    public double RotationProbability { get; set; }

    /// <summary>Probability that the brightness is multiplied by 0.8 to 1.2.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.3)]
    public double BrightnessProbability { get; set; }

    /// <summary>Channels of the network's first block: 16 is the network of the seed system, fewer are faster and weaker.</summary>
    [Parameter]
    [PSDefaultValue(Value = 16)]
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
    [PSDefaultValue(Value = 2)]
    public int AugmentationThreads { get; set; }

    /// <summary>The options with what was given.</summary>
    private protected TrainingOptions Given(TrainingOptions o)
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

    private T Or<T>(string parameter, T given, T standard) => IsGiven(parameter) ? given : standard;
}
