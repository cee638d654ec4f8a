namespace WaterMeters.Ml.Training;

/// <summary>A linear warm-up to <paramref name="peak"/>, then half a cosine to nought at the last step (Loshchilov and Hutter 2017, without restarts).</summary>
internal sealed class CosineSchedule(double peak, long warmup, long total) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double Rate(long step) => step < warmup
        ? peak * (step + 1) / warmup
        : peak * 0.5 * (1 + Math.Cos(Math.PI * (step - warmup) / Math.Max(1, total - warmup)));
}
