using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>What is to become of a pair, or of a file that is none.</summary>
public sealed class MergeStep
{
    /// <summary>What will have become of it.</summary>
    public required DatasetMerge Record { get; init; }

    /// <summary>Whether it is to be copied.</summary>
    public bool IsCopied => Record.Outcome is MergeOutcome.Added or MergeOutcome.Renamed;

    /// <summary>What is to be done, for a person.</summary>
    public string Words => FormattableString.Invariant($"Add {Record.SourceImagePath} to {Record.Split} ({Record.Reason.TrimEnd('.')})");

    /// <summary>The pair, where it was measured.</summary>
    internal MergePair? Pair { get; init; }

    /// <summary>The record before it was known where the photo goes.</summary>
    internal DatasetMerge? Unplaced { get; init; }

    /// <summary>What is to be stored of the photo's place before its files appear.</summary>
    internal IReadOnlyList<SplitOverride> Exceptions { get; init; } = [];
}
