using WaterMeters.Ops.Versioning.Contents;

namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>What a .dvc file says of one file or folder.</summary>
internal sealed record DvcOutput
{
    /// <summary>Absolute path of the file or folder.</summary>
    public required string Path { get; init; }

    /// <summary>The object that it is; null if the .dvc file names none yet.</summary>
    public ObjectId? Id { get; init; }

    /// <summary>Where its objects are, and how they are hashed.</summary>
    public ObjectLayout Layout { get; init; } = ObjectLayout.Current;

    /// <summary>Bytes of all files; null if unknown.</summary>
    public long? Size { get; init; }

    /// <summary>Number of files in the folder; null for a file, or if unknown.</summary>
    public long? Files { get; init; }

    /// <summary>Whether it is an executable file.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>The remote of this output; null: the one of the repository.</summary>
    public string? Remote { get; init; }

    /// <summary>Whether its objects go to a remote.</summary>
    public bool IsPushed { get; init; } = true;
}
