namespace WaterMeters.PowerShell.Completion;

/// <summary>Parts of a data set, the one that new models are measured on first.</summary>
internal sealed class SplitCompleter : ChoiceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Choices(string typed) =>
    [
        (nameof(DatasetSplit.Test), "Photos that no training has seen"),
        (nameof(DatasetSplit.Validation), "Photos that the best epoch is chosen by"),
        (nameof(DatasetSplit.Train), "Photos that the network learns from: scores on them flatter it"),
    ];
}
