namespace WaterMeters;

/// <summary>How two models do on one photo.</summary>
public sealed record ImageComparison
{
    /// <summary>The sample's name.</summary>
    public required string Name { get; init; }

    /// <summary>The photo.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The mask both were held against.</summary>
    public required string MaskPath { get; init; }

    /// <summary>The part of the data set the photo belongs to.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>Dice of the candidate.</summary>
    public double CandidateDice { get; init; }

    /// <summary>Dice of the baseline; null without one.</summary>
    public double? BaselineDice { get; init; }

    /// <summary>Candidate less baseline.</summary>
    public double? DiceDifference { get; init; }

    /// <summary>IoU of the candidate.</summary>
    public double CandidateIoU { get; init; }

    /// <summary>IoU of the baseline.</summary>
    public double? BaselineIoU { get; init; }

    /// <summary>Hausdorff distance of the candidate, pixels of its input size.</summary>
    public double CandidateHausdorff { get; init; }

    /// <summary>Hausdorff distance of the baseline, pixels of its input size.</summary>
    public double? BaselineHausdorff { get; init; }

    /// <summary>Fraction of the candidate's mask that is meter, 0..1.</summary>
    public double CandidateCoverage { get; init; }

    /// <summary>Fraction of the baseline's mask that is meter, 0..1.</summary>
    public double? BaselineCoverage { get; init; }

    /// <summary>Whether the candidate misses the window (Dice under 0.1).</summary>
    public bool CandidateMissed { get; init; }

    /// <summary>Whether the baseline misses the window.</summary>
    public bool BaselineMissed { get; init; }

    /// <summary>Whether the photo is dark.</summary>
    public bool Dark { get; init; }

    /// <summary>Whether the photo is blurred.</summary>
    public bool Blurred { get; init; }

    /// <summary>Whether the window is small.</summary>
    public bool SmallWindow { get; init; }

    /// <summary>File of the candidate.</summary>
    public required string Candidate { get; init; }

    /// <summary>File of the baseline; null without one.</summary>
    public string? Baseline { get; init; }
}
