namespace WaterMeters;

/// <summary>Result of comparing two models on the same photos: whether the candidate may replace the baseline.</summary>
public sealed record ModelComparison
{
    /// <summary>Verdict on the candidate.</summary>
    public ComparisonVerdict Verdict { get; init; }

    /// <summary>Whether the candidate passed the gate and may replace the baseline.</summary>
    public bool Passed { get; init; }

    /// <summary>What the candidate must show to pass the gate.</summary>
    public GatePolicy Policy { get; init; }

    /// <summary>Why the candidate passed or not, in sentences.</summary>
    public required string Reason { get; init; }

    /// <summary>Additional information, each a <see cref="GateFlag"/>, separated by commas; empty when there is none.</summary>
    public string Flags { get; init; } = "";

    /// <summary>Absolute path of the candidate model file.</summary>
    public required string Candidate { get; init; }

    /// <summary>Absolute path of the baseline model file; null without a baseline.</summary>
    public string? Baseline { get; init; }

    /// <summary>Absolute path of the data set folder.</summary>
    public required string DataPath { get; init; }

    /// <summary>Part of the split that the models were compared on.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>Number of photos that both models were measured on.</summary>
    public int Photos { get; init; }

    /// <summary>Number of photos excluded because either model has seen them.</summary>
    public int ExcludedPhotos { get; init; }

    /// <summary>Number of photos that a verdict needs.</summary>
    public int MinimumPhotos { get; init; }

    /// <summary>Number of photos to add for a verdict; 0 when there are enough.</summary>
    public int MissingPhotos { get; init; }

    /// <summary>Mean Dice of the candidate, 0..1.</summary>
    public double CandidateDice { get; init; }

    /// <summary>Mean Dice of the baseline, 0..1; null without a baseline.</summary>
    public double? BaselineDice { get; init; }

    /// <summary>Mean Dice of the candidate minus that of the baseline, -1..1; null without a baseline.</summary>
    public double? DiceDifference { get; init; }

    /// <summary>Lower bound of the confidence interval of <see cref="DiceDifference"/> (BCa bootstrap).</summary>
    public double? DiceLower { get; init; }

    /// <summary>Upper bound of the confidence interval of <see cref="DiceDifference"/> (BCa bootstrap).</summary>
    public double? DiceUpper { get; init; }

    /// <summary>One-sided p-value of the sign-flip test, 0..1: the probability of so large a gain between equal models.</summary>
    public double? PValue { get; init; }

    /// <summary>Smallest difference of mean Dice that could be detected with these photos.</summary>
    public double? SmallestVisibleDifference { get; init; }

    /// <summary>Mean IoU of the candidate, 0..1.</summary>
    public double CandidateIoU { get; init; }

    /// <summary>Mean IoU of the baseline, 0..1; null without a baseline.</summary>
    public double? BaselineIoU { get; init; }

    /// <summary>Mean IoU of the candidate minus that of the baseline, -1..1; null without a baseline.</summary>
    public double? IoUDifference { get; init; }

    /// <summary>Mean Hausdorff distance of the candidate, in pixels at its input size.</summary>
    public double CandidateHausdorff { get; init; }

    /// <summary>Mean Hausdorff distance of the baseline, in pixels at its input size; null without a baseline.</summary>
    public double? BaselineHausdorff { get; init; }

    /// <summary>
    /// Mean Hausdorff distance of the candidate minus that of the baseline, in pixels; null without a baseline, and when the two models
    /// have different input sizes, whose pixels cannot be compared.
    /// </summary>
    public double? HausdorffDifference { get; init; }

    /// <summary>Mean Dice of the candidate on its worst tenth of the photos, 0..1.</summary>
    public double CandidateWorstTenthDice { get; init; }

    /// <summary>Mean Dice of the baseline on its worst tenth of the photos, 0..1; null without a baseline.</summary>
    public double? BaselineWorstTenthDice { get; init; }

    /// <summary>Number of windows that only the candidate has missed (Dice below 0.1); without a baseline, all it has missed.</summary>
    public int CandidateMissedWindows { get; init; }

    /// <summary>Number of windows that only the baseline has missed; null without a baseline.</summary>
    public int? BaselineMissedWindows { get; init; }

    /// <summary>Number of windows that both models have missed; null without a baseline.</summary>
    public int? BothMissedWindows { get; init; }

    /// <summary>P-value, 0..1: the probability that the candidate alone misses so many windows if the models are equal.</summary>
    public double? MissedWindowsPValue { get; init; }

    /// <summary>Number of dark photos in the comparison.</summary>
    public int DarkPhotos { get; init; }

    /// <summary>Difference of the mean Dice on dark photos, candidate minus baseline.</summary>
    public double? DarkDifference { get; init; }

    /// <summary>Lower bound of the confidence interval of <see cref="DarkDifference"/>.</summary>
    public double? DarkLower { get; init; }

    /// <summary>Upper bound of the confidence interval of <see cref="DarkDifference"/>.</summary>
    public double? DarkUpper { get; init; }

    /// <summary>Number of blurred photos in the comparison.</summary>
    public int BlurredPhotos { get; init; }

    /// <summary>Difference of the mean Dice on blurred photos, candidate minus baseline.</summary>
    public double? BlurredDifference { get; init; }

    /// <summary>Lower bound of the confidence interval of <see cref="BlurredDifference"/>.</summary>
    public double? BlurredLower { get; init; }

    /// <summary>Upper bound of the confidence interval of <see cref="BlurredDifference"/>.</summary>
    public double? BlurredUpper { get; init; }

    /// <summary>Number of photos with a small window in the comparison.</summary>
    public int SmallWindowPhotos { get; init; }

    /// <summary>Difference of the mean Dice on photos with a small window, candidate minus baseline.</summary>
    public double? SmallWindowDifference { get; init; }

    /// <summary>Lower bound of the confidence interval of <see cref="SmallWindowDifference"/>.</summary>
    public double? SmallWindowLower { get; init; }

    /// <summary>Upper bound of the confidence interval of <see cref="SmallWindowDifference"/>.</summary>
    public double? SmallWindowUpper { get; init; }

    /// <summary>Confidence level of the intervals, 0..1.</summary>
    public double Confidence { get; init; }

    /// <summary>Largest p-value that counts as better, 0..1, as requested with -Alpha or gate.alpha of wms.yaml.</summary>
    public double Alpha { get; init; }

    /// <summary>
    /// Largest p-value that counts as better with this number of photos, 0..1: Alpha from 125 photos on, less below, and four fifths of
    /// Alpha with 100 or fewer.
    /// </summary>
    public double EffectiveAlpha { get; init; }

    /// <summary>Loss of mean Dice that still counts as not inferior, 0..1.</summary>
    public double Margin { get; init; }

    /// <summary>Lowest mean Dice that may pass the gate, 0..1; null when none was given.</summary>
    public double? MinimumDice { get; init; }

    /// <summary>Number of resamples of the bootstrap and of the sign-flip test.</summary>
    public int Resamples { get; init; }

    /// <summary>Random seed of the resamples; the same seed gives the same results.</summary>
    public long Seed { get; init; }

    /// <summary>Whether both models record which photos they have seen; if not, the test photos may not be unseen.</summary>
    public bool ProvenanceKnown { get; init; }

    /// <summary>SHA-256 of the candidate model file, 64 lower-case hexadecimal digits.</summary>
    public string? CandidateDigest { get; init; }

    /// <summary>SHA-256 of the baseline model file; null without a baseline.</summary>
    public string? BaselineDigest { get; init; }

    /// <summary>Digest of the hashes of all photos in the part, excluded ones included.</summary>
    public string? TestDigest { get; init; }

    /// <summary>
    /// Number of decisions made on this test part, this one included; repeating the same comparison counts once; null when the ledger
    /// is unavailable.
    /// </summary>
    public int? Decisions { get; init; }

    /// <summary>Absolute path of the decision's file in the ledger; null when it was not recorded.</summary>
    public string? LedgerPath { get; init; }

    /// <summary>Remark about the ledger, in a sentence; null when there is none.</summary>
    public string? LedgerNote { get; init; }

    /// <summary>Absolute path of the candidate model file; the next cmdlet in a pipeline binds to it.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Duration of the comparison.</summary>
    public TimeSpan Duration { get; init; }
}
