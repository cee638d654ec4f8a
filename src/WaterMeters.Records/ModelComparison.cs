namespace WaterMeters;

/// <summary>Whether one model may replace another, measured on the same photos.</summary>
public sealed record ModelComparison
{
    /// <summary>What was found.</summary>
    public ComparisonVerdict Verdict { get; init; }

    /// <summary>Whether the candidate may replace the baseline.</summary>
    public bool Passed { get; init; }

    /// <summary>What a candidate has to show to pass.</summary>
    public GatePolicy Policy { get; init; }

    /// <summary>Why, in sentences.</summary>
    public required string Reason { get; init; }

    /// <summary>What else is to be known, each a <see cref="GateFlag"/>, joined by commas; empty when there is nothing.</summary>
    public string Flags { get; init; } = "";

    /// <summary>File of the candidate.</summary>
    public required string Candidate { get; init; }

    /// <summary>File of the baseline; null without one.</summary>
    public string? Baseline { get; init; }

    /// <summary>The data set.</summary>
    public required string DataPath { get; init; }

    /// <summary>The part of the data set.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>Photos that both models were measured on.</summary>
    public int Photos { get; init; }

    /// <summary>Photos left out because either model has seen them.</summary>
    public int ExcludedPhotos { get; init; }

    /// <summary>Photos that a verdict needs.</summary>
    public int MinimumPhotos { get; init; }

    /// <summary>Photos that are missing to a verdict; 0 when there are enough.</summary>
    public int MissingPhotos { get; init; }

    /// <summary>Mean Dice of the candidate.</summary>
    public double CandidateDice { get; init; }

    /// <summary>Mean Dice of the baseline.</summary>
    public double? BaselineDice { get; init; }

    /// <summary>Candidate less baseline.</summary>
    public double? DiceDifference { get; init; }

    /// <summary>Lower bound of the difference of Dice (BCa bootstrap).</summary>
    public double? DiceLower { get; init; }

    /// <summary>Upper bound of the difference of Dice.</summary>
    public double? DiceUpper { get; init; }

    /// <summary>How probable so large a gain is between equal models: one-sided p-value of sign flips.</summary>
    public double? PValue { get; init; }

    /// <summary>The smallest difference of Dice that these photos could have shown.</summary>
    public double? SmallestVisibleDifference { get; init; }

    /// <summary>Mean IoU of the candidate.</summary>
    public double CandidateIoU { get; init; }

    /// <summary>Mean IoU of the baseline.</summary>
    public double? BaselineIoU { get; init; }

    /// <summary>Candidate less baseline.</summary>
    public double? IoUDifference { get; init; }

    /// <summary>Mean Hausdorff distance of the candidate, pixels of its input size.</summary>
    public double CandidateHausdorff { get; init; }

    /// <summary>Mean Hausdorff distance of the baseline, pixels of its input size.</summary>
    public double? BaselineHausdorff { get; init; }

    /// <summary>Candidate less baseline; null where the two models take images of different sizes, whose pixels are not the same.</summary>
    public double? HausdorffDifference { get; init; }

    /// <summary>Mean Dice of the candidate on its worst tenth of the photos.</summary>
    public double CandidateWorstTenthDice { get; init; }

    /// <summary>Mean Dice of the baseline on its worst tenth of the photos.</summary>
    public double? BaselineWorstTenthDice { get; init; }

    /// <summary>Windows that the candidate alone misses (Dice under 0.1); without a baseline, all that it misses.</summary>
    public int CandidateMissedWindows { get; init; }

    /// <summary>Windows that the baseline alone misses.</summary>
    public int BaselineMissedWindows { get; init; }

    /// <summary>Windows that both miss.</summary>
    public int BothMissedWindows { get; init; }

    /// <summary>How probable it is that of two equal models the candidate alone misses so many.</summary>
    public double? MissedWindowsPValue { get; init; }

    /// <summary>Dark photos among those compared on.</summary>
    public int DarkPhotos { get; init; }

    /// <summary>Difference of the mean Dice on dark photos.</summary>
    public double? DarkDifference { get; init; }

    /// <summary>Its lower bound.</summary>
    public double? DarkLower { get; init; }

    /// <summary>Its upper bound.</summary>
    public double? DarkUpper { get; init; }

    /// <summary>Blurred photos among those compared on.</summary>
    public int BlurredPhotos { get; init; }

    /// <summary>Difference of the mean Dice on blurred photos.</summary>
    public double? BlurredDifference { get; init; }

    /// <summary>Its lower bound.</summary>
    public double? BlurredLower { get; init; }

    /// <summary>Its upper bound.</summary>
    public double? BlurredUpper { get; init; }

    /// <summary>Photos with a small window among those compared on.</summary>
    public int SmallWindowPhotos { get; init; }

    /// <summary>Difference of the mean Dice on photos with a small window.</summary>
    public double? SmallWindowDifference { get; init; }

    /// <summary>Its lower bound.</summary>
    public double? SmallWindowLower { get; init; }

    /// <summary>Its upper bound.</summary>
    public double? SmallWindowUpper { get; init; }

    /// <summary>Confidence of the intervals, 0..1.</summary>
    public double Confidence { get; init; }

    /// <summary>The largest p-value that counts as better on so many photos.</summary>
    public double Alpha { get; init; }

    /// <summary>How much mean Dice a candidate that is not worse may lose.</summary>
    public double Margin { get; init; }

    /// <summary>The lowest mean Dice that may pass; null when none was named.</summary>
    public double? MinimumDice { get; init; }

    /// <summary>Resamples of the bootstrap and of the sign flips.</summary>
    public int Resamples { get; init; }

    /// <summary>Seed of the resamples: the same one gives the same numbers.</summary>
    public long Seed { get; init; }

    /// <summary>Whether both models say which photos they have seen; else an unseen test cannot be promised.</summary>
    public bool ProvenanceKnown { get; init; }

    /// <summary>SHA-256 of the candidate's file.</summary>
    public string? CandidateDigest { get; init; }

    /// <summary>SHA-256 of the baseline's file; null without one.</summary>
    public string? BaselineDigest { get; init; }

    /// <summary>Digest of the test: over the hashes of all photos of the part, those left out too.</summary>
    public string? TestDigest { get; init; }

    /// <summary>How often this test has decided, this time included; the same question asked again counts once. 0 when the ledger does not say.</summary>
    public int Decisions { get; init; }

    /// <summary>The decision's file in the ledger; null when it was not entered.</summary>
    public string? LedgerPath { get; init; }

    /// <summary>What is to be said of the ledger, in a sentence; null when there is nothing.</summary>
    public string? LedgerNote { get; init; }

    /// <summary>File of the candidate, for the next cmdlet.</summary>
    public required string ModelPath { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}
