namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>What a report tells: trainings, a comparison, or both.</summary>
public sealed record ReportContents
{
    /// <summary>The trainings, in the order they were given.</summary>
    public IReadOnlyList<ReportedTraining> Trainings { get; init; } = [];

    /// <summary>The comparison; null for a report of trainings alone.</summary>
    public ModelComparison? Comparison { get; init; }

    /// <summary>The photos that the comparison rests on; empty when they are not known.</summary>
    public IReadOnlyList<ImageComparison> Photos { get; init; } = [];

    /// <summary>The first digits of the digest of the new model's file: what it is called by as long as no registry gives it a number.</summary>
    public string? ShortDigest => Comparison?.CandidateDigest is { Length: >= 12 } digest ? digest[..12] : null;

    /// <summary>Its title.</summary>
    public string Title => Comparison is null ? "Training report" : Trainings.Count == 0 ? "Comparison of two models" : "Training and comparison";
}
