namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>How a file of the data set comes from the cache.</summary>
internal enum LinkKind
{
    /// <summary>Both share blocks until one is written, where the file system can.</summary>
    Reflink,

    /// <summary>A copy.</summary>
    Copy,

    /// <summary>One file with two names: writing one writes the other.</summary>
    Hardlink,

    /// <summary>A link to the file of the cache.</summary>
    Symlink,
}
