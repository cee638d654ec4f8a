namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Contents of a report: trainings, a comparison, or both.</summary>
public sealed record ReportContents
{
    /// <summary>The trainings, in the given order.</summary>
    public IReadOnlyList<ReportedTraining> Trainings { get; init; } = [];

    /// <summary>The comparison; null for a report of trainings alone.</summary>
    public ModelComparison? Comparison { get; init; }

    /// <summary>Results per photo of the comparison; empty when they are unknown.</summary>
    public IReadOnlyList<ImageComparison> Photos { get; init; } = [];

    /// <summary>Time of the report.</summary>
    public DateTimeOffset Written { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>First 12 digits of the digest of the new model; its version as long as no registry numbers it.</summary>
    public string? ShortDigest => Comparison?.CandidateDigest is { Length: >= 12 } digest ? digest[..12] : null;

    /// <summary>Title of the report.</summary>
    public string Title =>
        Comparison is null ? "Training report" : Trainings.Count == 0 ? "Comparison of two models" : "Training and comparison";
}
