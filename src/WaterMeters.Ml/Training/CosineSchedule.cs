namespace WaterMeters.Ml.Training;

/// <summary>
/// A linear warm-up to <paramref name="peak"/>, times half a cosine over the whole training (Loshchilov and Hutter 2017, without restarts).
/// The cosine runs over the work done and not over the steps: a step on large images is dear, so the last stages have few of
/// them, and counted in steps they would come when the rate is nearly nought (docs/decisions/training-recipe.md).
/// </summary>
internal sealed class CosineSchedule(double peak, long warmup) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double Rate(long step, double done) =>
        peak * Math.Min(1, (step + 1.0) / Math.Max(1, warmup)) * 0.5 * (1 + Math.Cos(Math.PI * done));
}
