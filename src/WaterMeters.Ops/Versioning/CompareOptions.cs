namespace WaterMeters.Ops.Versioning;

/// <summary>What is compared.</summary>
public sealed record CompareOptions : VersionOptions
{
    /// <summary>
    /// The older version: a commit, a branch, a tag, or the absolute path of a .dvc file; null: the .dvc file as it is now.
    /// </summary>
    public string? From { get; init; }

    /// <summary>
    /// The newer version; null: the files that are here, or the .dvc file as it is now if <see cref="From"/> is given.
    /// </summary>
    public string? To { get; init; }
}
