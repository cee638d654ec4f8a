using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Training;

/// <summary>Everything that decides what a training computes. The defaults are this module's own recipe.</summary>
public sealed record TrainingOptions
{
    /// <summary>Folder of the data set.</summary>
    public required string DataPath { get; init; }

    /// <summary>Folder of the run.</summary>
    public required string OutputPath { get; init; }

    /// <summary>File that assigns photos to parts; null for the rule alone.</summary>
    public string? SplitPath { get; init; }

    /// <summary>Sizes, epochs and batch sizes in their order; empty takes <see cref="Recipe.StagesFor"/>. The last one's size is the model's input size.</summary>
    public IReadOnlyList<TrainingStage> Stages { get; init; } = [];

    /// <summary>Channels of the network's first block.</summary>
    public int BaseChannels { get; init; } = 16;

    /// <summary>What is minimised.</summary>
    public LossKind Loss { get; init; } = LossKind.BceDice;

    /// <summary>How a step is made.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>Highest learning rate.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Weight decay.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>How the learning rate changes.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>Steps of the linear warm-up; at most a tenth of all steps.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>What the plateau schedule multiplies the rate by.</summary>
    public double PlateauFactor { get; init; } = 0.5;

    /// <summary>Epochs without a lower validation loss that the plateau schedule lets pass.</summary>
    public int PlateauPatience { get; init; } = 3;

    /// <summary>The plateau schedule's lowest rate.</summary>
    public double MinimumLearningRate { get; init; } = 1e-6;

    /// <summary>Decay of the average of the weights that becomes the model; 0 takes the weights themselves.</summary>
    public double AverageDecay { get; init; } = 0.99;

    /// <summary>Epochs of the last stage without a lower validation loss after which training stops; 0 never stops early.</summary>
    public int EarlyStoppingPatience { get; init; }

    /// <summary>Probability of a horizontal flip.</summary>
    public double HorizontalFlip { get; init; } = 0.5;

    /// <summary>Probability of a vertical flip.</summary>
    public double VerticalFlip { get; init; } = 0.5;

    /// <summary>Largest rotation either way, degrees.</summary>
    public double RotationDegrees { get; init; }

    /// <summary>Probability of a rotation.</summary>
    public double RotationProbability { get; init; }

    /// <summary>Probability that the brightness is multiplied by 0.8 to 1.2.</summary>
    public double BrightnessProbability { get; init; } = 0.3;

    /// <summary>Seed of the first weights, the order and the augmentation.</summary>
    public int Seed { get; init; }

    /// <summary>The numbers to compute with.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Where to compute.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

    /// <summary>Threads that prepare batches; they change no result.</summary>
    public int AugmentationThreads { get; init; } = 2;

    /// <summary>Bytes that prepared photos may take; beyond that photos are read again each epoch.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Version of the module, for the model's metadata.</summary>
    public string? ModuleVersion { get; init; }

    /// <summary>Refuses values that cannot be trained with.</summary>
    /// <exception cref="SettingsException">Names the first such value and its range.</exception>
    public void Check()
    {
        Within(nameof(LearningRate), LearningRate, 1e-9, 10);
        Within(nameof(WeightDecay), WeightDecay, 0, 1);
        Within(nameof(PlateauFactor), PlateauFactor, 1e-6, 1);
        Within(nameof(MinimumLearningRate), MinimumLearningRate, 0, 10);
        Within(nameof(AverageDecay), AverageDecay, 0, 0.99999);
        Within(nameof(HorizontalFlip), HorizontalFlip, 0, 1);
        Within(nameof(VerticalFlip), VerticalFlip, 0, 1);
        Within(nameof(RotationDegrees), RotationDegrees, 0, 180);
        Within(nameof(RotationProbability), RotationProbability, 0, 1);
        Within(nameof(BrightnessProbability), BrightnessProbability, 0, 1);
        Within(nameof(BaseChannels), BaseChannels, 1, 256);
        Within(nameof(WarmupSteps), WarmupSteps, 0, int.MaxValue);
        Within(nameof(PlateauPatience), PlateauPatience, 0, int.MaxValue);
        Within(nameof(EarlyStoppingPatience), EarlyStoppingPatience, 0, int.MaxValue);
        Within(nameof(AugmentationThreads), AugmentationThreads, 1, 64);
        if (Stages.FirstOrDefault(s => 3L * s.BatchSize * s.Size * s.Size > Array.MaxLength) is { } large)
        {
            throw new SettingsException("Stage", $"Stage {large} takes more photos in a step than an array can hold at that size. Use fewer photos in a step, or smaller ones.");
        }

        for (int i = 1; i < Stages.Count; i++)
        {
            if (Stages[i].Size < Stages[i - 1].Size)
            {
                throw new SettingsException("Stage", $"Stage {Stages[i]} comes after {Stages[i - 1]}, but sizes must not fall, since the last one is the model's input size. Order the stages by size.");
            }
        }
    }

    private static void Within(string name, double value, double low, double high)
    {
        if (!(value >= low && value <= high)) throw new SettingsException(name, FormattableString.Invariant($"{name} is {value}; give a value between {low} and {high}."));
    }
}
