namespace WaterMeters;

/// <summary>Whether one model is better than another, measured on the same photos.</summary>
public sealed record ModelComparison
{
    /// <summary>What was found.</summary>
    public ComparisonVerdict Verdict { get; init; }

    /// <summary>Whether the candidate may replace the baseline.</summary>
    public bool Passed { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>File of the candidate.</summary>
    public required string Candidate { get; init; }

    /// <summary>File of the baseline.</summary>
    public required string Baseline { get; init; }

    /// <summary>The data set.</summary>
    public required string DataPath { get; init; }

    /// <summary>The part of the data set.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>Photos that both models were measured on.</summary>
    public int Photos { get; init; }

    /// <summary>Photos left out because either model has seen them.</summary>
    public int ExcludedPhotos { get; init; }

    /// <summary>Mean Dice of the candidate.</summary>
    public double CandidateDice { get; init; }

    /// <summary>Mean Dice of the baseline.</summary>
    public double BaselineDice { get; init; }

    /// <summary>Candidate less baseline.</summary>
    public double DiceDifference { get; init; }

    /// <summary>Mean IoU of the candidate.</summary>
    public double CandidateIoU { get; init; }

    /// <summary>Mean IoU of the baseline.</summary>
    public double BaselineIoU { get; init; }

    /// <summary>Candidate less baseline.</summary>
    public double IoUDifference { get; init; }

    /// <summary>Mean Hausdorff distance of the candidate, pixels of its input size.</summary>
    public double CandidateHausdorff { get; init; }

    /// <summary>Mean Hausdorff distance of the baseline, pixels of its input size.</summary>
    public double BaselineHausdorff { get; init; }

    /// <summary>Whether both models say which photos they have seen; else an unseen test cannot be promised.</summary>
    public bool ProvenanceKnown { get; init; }

    /// <summary>File of the candidate, for the next cmdlet.</summary>
    public required string ModelPath { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}
