namespace WaterMeters.Ml.Training;

/// <summary>The learning rate of each step.</summary>
internal abstract class LearningRateSchedule
{
    /// <summary>The rate of a step, from 0 over all stages.</summary>
    public abstract double Rate(long step);

    /// <summary>Hears the validation loss of an epoch.</summary>
    public virtual void EpochEnded(double validationLoss)
    {
    }

    /// <summary>What must be kept to go on later, in numbers.</summary>
    public virtual double[] State
    {
        get => [];
        set { }
    }

    /// <summary>The schedule that the options ask for.</summary>
    public static LearningRateSchedule Create(TrainingOptions options, long totalSteps) => options.Schedule switch
    {
        ScheduleKind.Plateau => new PlateauSchedule(options.LearningRate, options.PlateauFactor, options.PlateauPatience, options.MinimumLearningRate),
        _ => new CosineSchedule(options.LearningRate, Math.Min(options.WarmupSteps, totalSteps / 10), totalSteps),
    };
}
