namespace WaterMeters.Ml.Training;

/// <summary>
/// PyTorch's ReduceLROnPlateau in mode "min": after more than <paramref name="patience"/> epochs whose loss is not below the best by
/// 0.01 %, the rate is multiplied by <paramref name="factor"/>, down to <paramref name="minimum"/>.
/// </summary>
internal sealed class PlateauSchedule(double start, double factor, int patience, double minimum) : LearningRateSchedule
{
    private const double Threshold = 1e-4, SmallestChange = 1e-8; // PyTorch's defaults: threshold (relative), eps

    private double rate = start, best = double.PositiveInfinity;
    private int badEpochs;

    /// <inheritdoc/>
    public override double[] State
    {
        get => [rate, best, badEpochs];
        set => (rate, best, badEpochs) = (value[0], value[1], (int)value[2]);
    }

    /// <inheritdoc/>
    public override double Rate(long step, double done) => rate;

    /// <inheritdoc/>
    public override void EpochEnded(double validationLoss)
    {
        if (validationLoss < best * (1 - Threshold))
        {
            (best, badEpochs) = (validationLoss, 0);
            return;
        }

        if (++badEpochs <= patience) return;
        badEpochs = 0;
        double lower = Math.Max(rate * factor, minimum);
        if (rate - lower > SmallestChange) rate = lower;
    }
}
