using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning;

/// <summary>Which files and folders, and which remote.</summary>
public abstract record VersionOptions
{
    /// <summary>Absolute paths of the files and folders, or of their .dvc files.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>Name of the remote; null: that of the .dvc file, then <see cref="ProjectRemote"/>, then that of the repository.</summary>
    public string? Remote { get; init; }

    /// <summary>Name of the remote in the project's settings; null if they name none.</summary>
    public string? ProjectRemote { get; init; }

    /// <summary>Returns the name of the remote of an output; null: that of the repository.</summary>
    internal string? RemoteOf(DvcOutput? output) => Remote ?? output?.Remote ?? ProjectRemote;
}
