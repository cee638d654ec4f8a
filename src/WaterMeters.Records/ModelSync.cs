namespace WaterMeters;

/// <summary>Result of copying a version from the registry to models/production.*.</summary>
public sealed record ModelSync
{
    /// <summary>Name of the registered model.</summary>
    public required string ModelName { get; init; }

    /// <summary>What was done.</summary>
    public ModelSyncOutcome Outcome { get; init; }

    /// <summary>Whether the store could not be reached, so that the model of an earlier synchronization is used.</summary>
    public bool IsCached => Outcome == ModelSyncOutcome.Cached;

    /// <summary>Version that was there before; null when there was none, or the file was not from a registry.</summary>
    public int? PreviousVersion { get; init; }

    /// <summary>Version that is there now; null when that is unknown.</summary>
    public int? Version { get; init; }

    /// <summary>Registry stage of the version when it was copied; null when that is unknown.</summary>
    public ModelStage? Stage { get; init; }

    /// <summary>Absolute path of the model file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>SHA-256 of the model file, 64 lower-case hexadecimal digits.</summary>
    public required string ModelDigest { get; init; }

    /// <summary>Size of the model file in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>When the version was copied.</summary>
    public DateTime Synced { get; init; }

    /// <summary>Absolute path of the copy of the replaced model; null when none was replaced.</summary>
    public string? ReplacedPath { get; init; }

    /// <summary>Address of the store.</summary>
    public required string TrackingUri { get; init; }
}
