using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>The planned outcome for a pair, or for a photo or mask alone.</summary>
public sealed class MergeStep
{
    /// <summary>The record of the outcome.</summary>
    public required DatasetMerge Record { get; init; }

    /// <summary>Whether the pair is to be copied.</summary>
    public bool IsCopied => Record.Outcome is MergeOutcome.Added or MergeOutcome.Renamed;

    /// <summary>A description of the action, as -WhatIf shows it.</summary>
    public string Description =>
        FormattableString.Invariant($"Add '{Record.SourceImagePath}' to {Record.Split} ({Record.Reason.TrimEnd('.')})");

    /// <summary>The pair, if it was measured.</summary>
    internal MergePair? Pair { get; init; }

    /// <summary>The record before the photo's part was known.</summary>
    internal DatasetMerge? RecordWithoutSplit { get; init; }

    /// <summary>The overrides to store before the files are copied.</summary>
    internal IReadOnlyList<SplitOverride> Overrides { get; init; } = [];
}

/// <summary>A pair to merge.</summary>
/// <param name="Facts">The facts of the pair.</param>
/// <param name="Overrides">
/// The overrides, stored in its own data set, that go with the photo: they name its file before repairs, and photos that it resembles.
/// </param>
internal sealed record MergePair(PairFacts Facts, IReadOnlyList<SplitOverride> Overrides);
