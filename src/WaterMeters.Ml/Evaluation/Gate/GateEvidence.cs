using WaterMeters.Ml.Evaluation.Metrics;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Results of two models on the same photos, the input of <see cref="GateRules"/>.</summary>
public sealed record GateEvidence
{
    /// <summary>Number of photos compared.</summary>
    public required int Photos { get; init; }

    /// <summary>Mean Dice of the candidate.</summary>
    public required double CandidateDice { get; init; }

    /// <summary>Mean Dice of the baseline.</summary>
    public required double BaselineDice { get; init; }

    /// <summary>Mean Dice of the candidate minus that of the baseline.</summary>
    public required double Difference { get; init; }

    /// <summary>Mean IoU of the candidate minus that of the baseline.</summary>
    public required double IoUDifference { get; init; }

    /// <summary>Lower bound of the Dice difference.</summary>
    public required double Lower { get; init; }

    /// <summary>Upper bound of the Dice difference.</summary>
    public required double Upper { get; init; }

    /// <summary>One-sided p-value of the sign-flip permutation test.</summary>
    public required double PValue { get; init; }

    /// <summary>Mean Dice of the candidate on its worst tenth of the photos.</summary>
    public required double CandidateWorstTenth { get; init; }

    /// <summary>Mean Dice of the baseline on its worst tenth of the photos.</summary>
    public required double BaselineWorstTenth { get; init; }

    /// <summary>Windows that only the candidate misses.</summary>
    public required int CandidateMisses { get; init; }

    /// <summary>Windows that only the baseline misses.</summary>
    public required int BaselineMisses { get; init; }

    /// <summary>Windows that both miss.</summary>
    public required int BothMiss { get; init; }

    /// <summary>One-sided p-value of the sign test on the windows that only one model misses.</summary>
    public required double MissesPValue { get; init; }

    /// <summary>Photos on which the predicted mask of the candidate is empty.</summary>
    public int CandidateEmptyMasks { get; init; }

    /// <summary>Photos on which the predicted mask of the baseline is empty.</summary>
    public int BaselineEmptyMasks { get; init; }

    /// <summary>Whether the candidate finds no window at all.</summary>
    public bool CandidateFindsNothing => CandidateEmptyMasks == Photos || CandidateMisses + BothMiss == Photos;

    /// <summary>Whether the baseline finds no window at all.</summary>
    public bool BaselineFindsNothing => BaselineEmptyMasks == Photos || BaselineMisses + BothMiss == Photos;

    /// <summary>Slices in the given order.</summary>
    public required IReadOnlyList<SliceEvidence> Slices { get; init; }

    /// <summary>
    /// Smallest gain of mean Dice that this many photos, with their scatter, can show: from there on the lower bound is above zero.
    /// Half the width of the interval.
    /// </summary>
    public double SmallestVisible => (Upper - Lower) / 2;

    /// <summary>Computes the evidence from the scores.</summary>
    /// <param name="pairs">Scores of at least one photo.</param>
    /// <param name="iouDifference">Mean IoU of the candidate minus that of the baseline.</param>
    /// <param name="slices">Groups of photos that share a difficulty.</param>
    /// <param name="options">Thresholds and the seed.</param>
    public static GateEvidence Collect(ScorePairs pairs, double iouDifference, IReadOnlyList<GateSlice> slices, GateOptions options)
    {
        double[] differences = pairs.Differences();
        var interval = BcaInterval.Compute(differences, Bootstrap.Means(differences, options.Resamples, options.Seed), options.Confidence);
        int candidateMisses = 0, baselineMisses = 0, bothMiss = 0;
        for (int i = 0; i < differences.Length; i++)
        {
            switch (pairs.Candidate[i] < options.MissedWindowDice, pairs.Baseline[i] < options.MissedWindowDice)
            {
                case (true, true): bothMiss++; break;
                case (true, false): candidateMisses++; break;
                case (false, true): baselineMisses++; break;
                default: break;
            }
        }

        return new GateEvidence
        {
            Photos = differences.Length,
            CandidateDice = pairs.Candidate.Average(),
            BaselineDice = pairs.Baseline.Average(),
            Difference = BcaInterval.Mean(differences),
            IoUDifference = iouDifference,
            Lower = interval.Lower,
            Upper = interval.Upper,
            PValue = SignFlipTest.PValue(differences, options.Resamples, options.Seed),
            CandidateWorstTenth = ScoreSummary.WorstTenth(pairs.Candidate),
            BaselineWorstTenth = ScoreSummary.WorstTenth(pairs.Baseline),
            CandidateMisses = candidateMisses,
            BaselineMisses = baselineMisses,
            BothMiss = bothMiss,
            MissesPValue = SignTest.PValue(candidateMisses, baselineMisses),
            Slices = [.. slices.Select(s => Slice(pairs, s, options))],
        };
    }

    private static SliceEvidence Slice(ScorePairs pairs, GateSlice slice, GateOptions options)
    {
        if (slice.Photos.Count == 0) return new SliceEvidence(slice.Name, 0, double.NaN, double.NaN, double.NaN, false);
        double[] differences = pairs.Slice(slice.Photos).Differences();
        var interval = BcaInterval.Compute(differences, Bootstrap.Means(differences, options.Resamples, options.Seed), options.Confidence);
        return new SliceEvidence(slice.Name, differences.Length, BcaInterval.Mean(differences), interval.Lower, interval.Upper,
            differences.Length >= options.MinimumSlicePhotos && interval.Upper < 0);
    }
}

/// <summary>Results of a candidate without a baseline.</summary>
/// <param name="Photos">Number of photos measured.</param>
/// <param name="Dice">Mean Dice.</param>
/// <param name="MissedWindows">Windows missed.</param>
/// <param name="EmptyMasks">Photos on which the predicted mask is empty.</param>
public readonly record struct CandidateEvidence(int Photos, double Dice, int MissedWindows = 0, int EmptyMasks = 0)
{
    /// <summary>Whether the candidate finds no window at all.</summary>
    public bool FindsNothing => MissedWindows == Photos || EmptyMasks == Photos;
}

/// <summary>Photos that share a difficulty.</summary>
/// <param name="Name">Name of the difficulty.</param>
/// <param name="Photos">Indices of the photos in the comparison.</param>
public sealed record GateSlice(string Name, IReadOnlyList<int> Photos);

/// <summary>How two models differ on a slice.</summary>
/// <param name="Name">Name of the slice.</param>
/// <param name="Photos">Number of photos in it.</param>
/// <param name="Difference">Mean Dice of the candidate minus that of the baseline; NaN without photos.</param>
/// <param name="Lower">Lower bound of the interval.</param>
/// <param name="Upper">Upper bound of the interval.</param>
/// <param name="Blocks">Whether the slice has enough photos to block, and the candidate is worse on it.</param>
public sealed record SliceEvidence(string Name, int Photos, double Difference, double Lower, double Upper, bool Blocks);
