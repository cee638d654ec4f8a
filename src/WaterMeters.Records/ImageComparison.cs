namespace WaterMeters;

/// <summary>Scores of two models on one photo.</summary>
public sealed record ImageComparison
{
    /// <summary>Name of the pair.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the photo.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Absolute path of the mask that both models were compared with.</summary>
    public required string MaskPath { get; init; }

    /// <summary>Part of the split that the photo belongs to.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>Dice of the candidate, 0..1.</summary>
    public double CandidateDice { get; init; }

    /// <summary>Dice of the baseline, 0..1; null without a baseline.</summary>
    public double? BaselineDice { get; init; }

    /// <summary>Dice of the candidate minus Dice of the baseline, -1..1; null without a baseline.</summary>
    public double? DiceDifference { get; init; }

    /// <summary>IoU of the candidate, 0..1.</summary>
    public double CandidateIoU { get; init; }

    /// <summary>IoU of the baseline, 0..1; null without a baseline.</summary>
    public double? BaselineIoU { get; init; }

    /// <summary>Hausdorff distance of the candidate, in pixels at its input size.</summary>
    public double CandidateHausdorff { get; init; }

    /// <summary>Hausdorff distance of the baseline, in pixels at its input size; null without a baseline.</summary>
    public double? BaselineHausdorff { get; init; }

    /// <summary>Fraction of the candidate's mask that is foreground, 0..1.</summary>
    public double CandidateCoverage { get; init; }

    /// <summary>Fraction of the baseline's mask that is foreground, 0..1; null without a baseline.</summary>
    public double? BaselineCoverage { get; init; }

    /// <summary>Whether the candidate has missed the window (Dice below 0.1).</summary>
    public bool CandidateMissed { get; init; }

    /// <summary>Whether the baseline has missed the window (Dice below 0.1); null without a baseline.</summary>
    public bool? BaselineMissed { get; init; }

    /// <summary>Whether the photo is dark.</summary>
    public bool Dark { get; init; }

    /// <summary>Whether the photo is blurred.</summary>
    public bool Blurred { get; init; }

    /// <summary>Whether the window is small.</summary>
    public bool SmallWindow { get; init; }

    /// <summary>Absolute path of the candidate model file.</summary>
    public required string Candidate { get; init; }

    /// <summary>Absolute path of the baseline model file; null without a baseline.</summary>
    public string? Baseline { get; init; }
}
