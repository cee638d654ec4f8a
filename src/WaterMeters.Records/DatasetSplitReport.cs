namespace WaterMeters;

/// <summary>How a data set is split, and whether its test part is large enough for a verdict.</summary>
public sealed record DatasetSplitReport
{
    /// <summary>Absolute path of the data set folder.</summary>
    public required string DataPath { get; init; }

    /// <summary>Whether the split was stored.</summary>
    public SplitOutcome Outcome { get; init; }

    /// <summary>Number of pairs of photo and mask.</summary>
    public int Photos { get; init; }

    /// <summary>Number of photos in the training part.</summary>
    public int TrainPhotos { get; init; }

    /// <summary>Number of photos in the validation part.</summary>
    public int ValidationPhotos { get; init; }

    /// <summary>Number of photos in the test part.</summary>
    public int TestPhotos { get; init; }

    /// <summary>Number of photos in no part, because they resemble photos of two parts.</summary>
    public int AsidePhotos { get; init; }

    /// <summary>Number of photos that are in the part of a photo they resemble.</summary>
    public int JoinedPhotos { get; init; }

    /// <summary>Number of split overrides that this run adds, one for each photo and photo it resembles.</summary>
    public int NewExceptions { get; init; }

    /// <summary>Fraction of photos assigned to the training part, 0..1.</summary>
    public double Train { get; init; }

    /// <summary>Fraction of photos assigned to the validation part, 0..1.</summary>
    public double Validation { get; init; }

    /// <summary>Fraction of photos assigned to the test part, 0..1.</summary>
    public double Test { get; init; }

    /// <summary>Digest of the hashes and parts of all photos; models store it.</summary>
    public required string SplitDigest { get; init; }

    /// <summary>Digest of the hashes of the photos in the test part.</summary>
    public required string TestDigest { get; init; }

    /// <summary>Number of test photos that a comparison of two models needs for a verdict.</summary>
    public int MinimumPhotos { get; init; }

    /// <summary>Whether the test part has at least <see cref="MinimumPhotos"/> photos.</summary>
    public bool IsTestLargeEnough { get; init; }

    /// <summary>Number of photos the test part is short of <see cref="MinimumPhotos"/>; 0 when there are enough.</summary>
    public int MissingTestPhotos { get; init; }

    /// <summary>
    /// Training fraction, 0..1, that would make the test part large enough; null when it already is, or when no sensible fractions
    /// would do.
    /// </summary>
    public double? SuggestedTrain { get; init; }

    /// <summary>Validation fraction, 0..1, that goes with <see cref="SuggestedTrain"/>; null when there is no suggestion.</summary>
    public double? SuggestedValidation { get; init; }

    /// <summary>Test fraction, 0..1, that goes with <see cref="SuggestedTrain"/>; null when there is no suggestion.</summary>
    public double? SuggestedTest { get; init; }

    /// <summary>What to do next, in sentences; empty when nothing is needed.</summary>
    public required string Advice { get; init; }
}
