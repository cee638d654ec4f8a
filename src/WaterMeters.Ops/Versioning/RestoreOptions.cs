namespace WaterMeters.Ops.Versioning;

/// <summary>What is restored, and how.</summary>
public sealed record RestoreOptions : VersionOptions
{
    /// <summary>A commit, a branch or a tag whose version is restored; null: that of the .dvc file as it is now.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether files that were never published are replaced and removed.</summary>
    public bool Force { get; init; }

    /// <summary>Whether nothing is written.</summary>
    public bool IsPreview { get; init; }
}
