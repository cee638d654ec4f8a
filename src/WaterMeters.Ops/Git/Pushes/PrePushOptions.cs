namespace WaterMeters.Ops.Git.Pushes;

/// <summary>A push to judge.</summary>
public sealed record PrePushOptions
{
    /// <summary>Absolute path of a folder in the repository; git runs a hook at the top of the work tree.</summary>
    public required string Folder { get; init; }

    /// <summary>Name of the remote; the same as <see cref="Url"/> for a push by address.</summary>
    public required string Remote { get; init; }

    /// <summary>Address of the remote; empty for that of its name.</summary>
    public string Url { get; init; } = "";

    /// <summary>Whether nothing is sent.</summary>
    public bool IsPreview { get; init; }
}
