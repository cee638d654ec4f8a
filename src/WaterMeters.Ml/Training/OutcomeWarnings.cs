using WaterMeters.Ml.Evaluation;

namespace WaterMeters.Ml.Training;

/// <summary>Warnings about a training whose loss is finite but leads nowhere.</summary>
internal static class OutcomeWarnings
{
    // A loss of this many times the first epoch's is no fluctuation: the binary cross-entropy plus Dice of an untrained network is 1 to 2.
    private const double Growth = 2;

    /// <summary>Returns a warning after the first epoch whose loss has grown since the first; null after any other.</summary>
    /// <param name="epochs">The finished epochs; the last one ended now.</param>
    public static string? OfGrowingLoss(IReadOnlyList<EpochRecord> epochs)
    {
        if (epochs.Count < 2 || !HasGrown(epochs, epochs[^1]) || epochs.SkipLast(1).Any(e => HasGrown(epochs, e))) return null;
        return FormattableString.Invariant($"The loss rose from {epochs[0].TrainingLoss:0.0000} in epoch 1 to ") +
            FormattableString.Invariant($"{epochs[^1].TrainingLoss:0.0000} in epoch {epochs[^1].Epoch}. ") +
            "If it does not fall again, stop and use a lower -LearningRate.";
    }

    /// <summary>Returns a warning if a trained model finds no windows; null otherwise.</summary>
    /// <param name="result">The result.</param>
    /// <param name="epochs">The epochs of the training.</param>
    public static string? OfUselessModel(TrainingResult result, IReadOnlyList<EpochRecord> epochs)
    {
        if (!((result.TestDice ?? result.ValidationDice) < MetricsMapper.MissedWindowDice)) return null;
        bool tested = result.TestDice is not null;
        string dice = FormattableString.Invariant($"{(tested ? result.TestDice : result.ValidationDice):0.0000}");
        string remedy = epochs.Count > 1 && epochs[^1].TrainingLoss > epochs[0].TrainingLoss
            ? FormattableString.Invariant($"The loss rose from {epochs[0].TrainingLoss:0.0000} to {epochs[^1].TrainingLoss:0.0000}: ") +
                "use a lower -LearningRate."
            : "Train for more epochs or with more photos, and check the masks with Test-WmsDataset.";
        return $"The model finds no windows: its mean Dice on the {(tested ? "test" : "validation")} photos is {dice}. {remedy}";
    }

    private static bool HasGrown(IReadOnlyList<EpochRecord> epochs, EpochRecord epoch) =>
        epoch.TrainingLoss > Growth * epochs[0].TrainingLoss;
}
