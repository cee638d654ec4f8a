using System.Text.Json.Serialization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Training;

/// <summary>The settings of a training. The defaults are this module's own recipe.</summary>
public sealed record TrainingOptions
{
    /// <summary>Folder of the data set.</summary>
    public required string DataPath { get; init; }

    /// <summary>Folder of the run.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Split file; null for the split by hash alone.</summary>
    public string? SplitPath { get; init; }

    /// <summary>Stages in their order; empty for those of <see cref="Plan"/>. The last one's size is the model's input size.</summary>
    public IReadOnlyList<TrainingStage> Stages { get; init; } = [];

    /// <summary>
    /// Chooses or changes the stages once the number of photos is known (<see cref="Recipe.WithStages"/>); then it is empty.
    /// </summary>
    [JsonIgnore]
    public StagePlan Plan { get; init; } = new();

    /// <summary>Channels of the network's first block.</summary>
    public int BaseChannels { get; init; } = 16;

    /// <summary>Loss function.</summary>
    public LossKind Loss { get; init; } = LossKind.BceDice;

    /// <summary>Optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>Highest learning rate.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Weight decay.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Learning rate schedule.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>Steps of the linear warm-up; at most a tenth of all steps.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>Factor by which the plateau schedule lowers the rate.</summary>
    public double PlateauFactor { get; init; } = 0.5;

    /// <summary>Epochs without a lower validation loss that the plateau schedule accepts.</summary>
    public int PlateauPatience { get; init; } = 3;

    /// <summary>Lowest rate of the plateau schedule.</summary>
    public double MinimumLearningRate { get; init; } = 1e-6;

    /// <summary>Decay of the average of the weights, which becomes the model; 0 uses the weights themselves.</summary>
    public double AverageDecay { get; init; } = 0.99;

    /// <summary>Epochs of the last stage without a lower validation loss after which training stops; 0 never stops early.</summary>
    public int EarlyStoppingPatience { get; init; }

    /// <summary>Probability of a horizontal flip.</summary>
    public double HorizontalFlip { get; init; } = 0.5;

    /// <summary>Probability of a vertical flip.</summary>
    public double VerticalFlip { get; init; } = 0.5;

    /// <summary>Largest rotation in either direction, degrees.</summary>
    public double RotationDegrees { get; init; }

    /// <summary>Probability of a rotation.</summary>
    public double RotationProbability { get; init; }

    /// <summary>Probability that the brightness is multiplied by 0.8 to 1.2.</summary>
    public double BrightnessProbability { get; init; } = 0.3;

    /// <summary>Seed of the initial weights, the order of the photos and the augmentation.</summary>
    public int Seed { get; init; }

    /// <summary>Numeric precision: Auto, Float32 or BFloat16.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Compute device: Auto, Cpu or Cuda.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

    /// <summary>Threads that prepare batches; their number does not affect the result.</summary>
    public int AugmentationThreads { get; init; } = 2;

    /// <summary>Limit for the photos kept in memory, bytes; beyond it photos are read again each epoch.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Version of the module, written into the model's metadata.</summary>
    public string? ModuleVersion { get; init; }

    /// <summary>Checks the ranges of all values.</summary>
    /// <exception cref="SettingsException">A value is out of range; the message says which, and the range.</exception>
    public void Check()
    {
        CheckRange(nameof(LearningRate), LearningRate, 1e-9, 10);
        CheckRange(nameof(WeightDecay), WeightDecay, 0, 1);
        CheckRange(nameof(PlateauFactor), PlateauFactor, 1e-6, 1);
        CheckRange(nameof(MinimumLearningRate), MinimumLearningRate, 0, 10);
        CheckRange(nameof(AverageDecay), AverageDecay, 0, 0.99999);
        CheckRange(nameof(HorizontalFlip), HorizontalFlip, 0, 1);
        CheckRange(nameof(VerticalFlip), VerticalFlip, 0, 1);
        CheckRange(nameof(RotationDegrees), RotationDegrees, 0, 180);
        CheckRange(nameof(RotationProbability), RotationProbability, 0, 1);
        CheckRange(nameof(BrightnessProbability), BrightnessProbability, 0, 1);
        CheckRange(nameof(BaseChannels), BaseChannels, 1, 256);
        CheckRange(nameof(WarmupSteps), WarmupSteps, 0, int.MaxValue);
        CheckRange(nameof(PlateauPatience), PlateauPatience, 0, int.MaxValue);
        CheckRange(nameof(EarlyStoppingPatience), EarlyStoppingPatience, 0, int.MaxValue);
        CheckRange(nameof(AugmentationThreads), AugmentationThreads, 1, 64);
        Plan.Check();
        if (Stages.FirstOrDefault(s => 3L * s.BatchSize * s.Size * s.Size > Array.MaxLength) is { } large)
        {
            throw new SettingsException(
                "Stage", $"Stage {large} has a batch larger than an array can hold. Use fewer photos in a step, or a smaller size.");
        }

        for (int i = 1; i < Stages.Count; i++)
        {
            if (Stages[i].Size < Stages[i - 1].Size)
            {
                throw new SettingsException(
                    "Stage",
                    $"Stage {Stages[i]} follows {Stages[i - 1]}, but sizes must not decrease: the last one is the model's input size. " +
                    "Order the stages by size.");
            }
        }
    }

    private static void CheckRange(string name, double value, double low, double high)
    {
        if (value >= low && value <= high) return; // false for NaN
        throw new SettingsException(name, FormattableString.Invariant($"{name} is {value}. Use a value between {low} and {high}."));
    }
}
