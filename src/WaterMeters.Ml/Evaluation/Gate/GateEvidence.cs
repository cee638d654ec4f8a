using WaterMeters.Ml.Evaluation.Metrics;

namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>What the same photos say of two models.</summary>
public sealed record GateEvidence
{
    /// <summary>Photos compared on.</summary>
    public required int Photos { get; init; }

    /// <summary>Mean Dice of the candidate.</summary>
    public required double CandidateDice { get; init; }

    /// <summary>Mean Dice of the baseline.</summary>
    public required double BaselineDice { get; init; }

    /// <summary>Mean Dice of the candidate less the baseline's.</summary>
    public required double Difference { get; init; }

    /// <summary>Mean IoU of the candidate less the baseline's.</summary>
    public required double IoUDifference { get; init; }

    /// <summary>Lower bound of the difference.</summary>
    public required double Lower { get; init; }

    /// <summary>Upper bound of the difference.</summary>
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

    /// <summary>One-sided p-value of the sign test on the windows that only one of them misses.</summary>
    public required double MissesPValue { get; init; }

    /// <summary>Photos on which the candidate marks nothing.</summary>
    public int CandidateEmptyMasks { get; init; }

    /// <summary>Photos on which the baseline marks nothing.</summary>
    public int BaselineEmptyMasks { get; init; }

    /// <summary>Whether the candidate finds no window at all.</summary>
    public bool CandidateFindsNothing => CandidateEmptyMasks == Photos || CandidateMisses + BothMiss == Photos;

    /// <summary>Whether the baseline finds no window at all.</summary>
    public bool BaselineFindsNothing => BaselineEmptyMasks == Photos || BaselineMisses + BothMiss == Photos;

    /// <summary>The slices, in the order they were given.</summary>
    public required IReadOnlyList<SliceEvidence> Slices { get; init; }

    /// <summary>
    /// The smallest mean difference of Dice that this many photos, scattering as they do, show as better: from there on the lower bound
    /// is over nought. Half the width of the interval.
    /// </summary>
    public double SmallestVisible => (Upper - Lower) / 2;

    /// <summary>Weighs the scores.</summary>
    /// <param name="pairs">The scores; at least one photo.</param>
    /// <param name="iouDifference">Mean IoU of the candidate less the baseline's.</param>
    /// <param name="slices">Photos with a difficulty in common.</param>
    /// <param name="options">How sure to be.</param>
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
