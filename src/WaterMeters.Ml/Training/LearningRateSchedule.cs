namespace WaterMeters.Ml.Training;

/// <summary>The learning rate of each step.</summary>
internal abstract class LearningRateSchedule
{
    /// <summary>The rate of a step.</summary>
    /// <param name="step">The step, from 0 over all stages.</param>
    /// <param name="done">Part of the training's work that is done before it, 0..1: photos times their pixels.</param>
    public abstract double Rate(long step, double done);

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
        _ => new CosineSchedule(options.LearningRate, Math.Min(options.WarmupSteps, totalSteps / 10)),
    };
}
