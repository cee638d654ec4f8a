namespace WaterMeters;

/// <summary>How a data set is split, and whether its test part is large enough to decide by.</summary>
public sealed record DatasetSplitReport
{
    /// <summary>The data set's folder.</summary>
    public required string DataPath { get; init; }

    /// <summary>Pairs of photo and mask.</summary>
    public int Photos { get; init; }

    /// <summary>Photos in the training part.</summary>
    public int TrainPhotos { get; init; }

    /// <summary>Photos in the validation part.</summary>
    public int ValidationPhotos { get; init; }

    /// <summary>Photos in the test part.</summary>
    public int TestPhotos { get; init; }

    /// <summary>Photos in none of them, for they resemble photos of two.</summary>
    public int AsidePhotos { get; init; }

    /// <summary>Photos that are where a photo is that they resemble.</summary>
    public int JoinedPhotos { get; init; }

    /// <summary>What this run has to say of photos that nobody had said before, one a photo and photo that it resembles.</summary>
    public int NewExceptions { get; init; }

    /// <summary>Fraction of photos to train on.</summary>
    public double Train { get; init; }

    /// <summary>Fraction of photos to choose the best epoch by.</summary>
    public double Validation { get; init; }

    /// <summary>Fraction of photos to measure models on.</summary>
    public double Test { get; init; }

    /// <summary>Digest over the photos' hashes and parts, as models carry it.</summary>
    public required string SplitDigest { get; init; }

    /// <summary>Digest over the hashes of the photos of the test part.</summary>
    public required string TestDigest { get; init; }

    /// <summary>Photos that a comparison of two models needs for a verdict.</summary>
    public int MinimumPhotos { get; init; }

    /// <summary>Whether the test part has as many.</summary>
    public bool IsTestLargeEnough { get; init; }

    /// <summary>Photos that it lacks.</summary>
    public int MissingTestPhotos { get; init; }

    /// <summary>Fraction to train on with which the test part would be large enough; empty when it is, or when no sensible fractions make it so.</summary>
    public double? SuggestedTrain { get; init; }

    /// <summary>The fraction for validation then.</summary>
    public double? SuggestedValidation { get; init; }

    /// <summary>The fraction for the test then.</summary>
    public double? SuggestedTest { get; init; }

    /// <summary>What to do, in sentences; empty when nothing is.</summary>
    public required string Advice { get; init; }
}
