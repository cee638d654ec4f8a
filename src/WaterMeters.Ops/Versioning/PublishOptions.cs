namespace WaterMeters.Ops.Versioning;

/// <summary>What is published, and how.</summary>
public sealed record PublishOptions : VersionOptions
{
    /// <summary>
    /// Absolute path of a folder whose files are added to the published versions, which need not be on this machine; null: the folders
    /// themselves are published.
    /// </summary>
    public string? AddPath { get; init; }

    /// <summary>Whether every object in the remote is compared with its hash, and damaged ones are replaced.</summary>
    public bool Verify { get; init; }

    /// <summary>Whether added files replace published ones of the same name.</summary>
    public bool Force { get; init; }

    /// <summary>Whether nothing is written.</summary>
    public bool IsPreview { get; init; }
}
