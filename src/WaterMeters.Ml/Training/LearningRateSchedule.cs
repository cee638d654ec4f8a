namespace WaterMeters.Ml.Training;

/// <summary>The learning rate of each step.</summary>
internal abstract class LearningRateSchedule
{
    /// <summary>Returns the rate of a step.</summary>
    /// <param name="step">The step, from 0 over all stages.</param>
    /// <param name="done">Fraction of the training's work (photos times pixels) done before the step, 0..1.</param>
    public abstract double Rate(long step, double done);

    /// <summary>Called with the validation loss of each epoch.</summary>
    public virtual void EpochEnded(double validationLoss)
    {
    }

    /// <summary>State to keep in a checkpoint, as numbers.</summary>
    public virtual double[] State
    {
        get => [];
        set { }
    }

    /// <summary>Creates the schedule that the options name.</summary>
    public static LearningRateSchedule Create(TrainingOptions options, long totalSteps) => options.Schedule switch
    {
        ScheduleKind.Plateau => new PlateauSchedule(
            options.LearningRate, options.PlateauFactor, options.PlateauPatience, options.MinimumLearningRate),
        _ => new CosineSchedule(options.LearningRate, Math.Min(options.WarmupSteps, totalSteps / 10)),
    };
}

/// <summary>
/// A linear warm-up to <paramref name="peak"/>, times half a cosine over the whole training (Loshchilov and Hutter 2017, without restarts).
/// The cosine runs over the work done, not over the steps: the last stages have few steps, because a step on large images is slow,
/// and counted in steps they would run at a rate near zero (docs/decisions/training-recipe.md).
/// </summary>
internal sealed class CosineSchedule(double peak, long warmup) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double Rate(long step, double done) =>
        peak * Math.Min(1, (step + 1.0) / Math.Max(1, warmup)) * 0.5 * (1 + Math.Cos(Math.PI * done));
}
