using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Scans;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning;

/// <summary>A version in the making.</summary>
internal sealed class PublishDraft
{
    /// <summary>What is published.</summary>
    public required VersionTarget Target { get; init; }

    /// <summary>The files that are here.</summary>
    public required ScannedFile[] Files { get; init; }

    /// <summary>The files of the published version that stay, without being here.</summary>
    public IReadOnlyList<FileEntry> Kept { get; init; } = [];

    /// <summary>Whether the version is that of a folder.</summary>
    public required bool IsFolder { get; init; }

    /// <summary>
    /// How the files are hashed: as DVC 2 did if it made the version and nothing has changed since, or else as DVC 3 does.
    /// </summary>
    public ObjectLayout Layout { get; init; } = ObjectLayout.Current;

    /// <summary>The remote; null if the version is not sent.</summary>
    public PublishRemote? Remote { get; init; }

    /// <summary>Whether <see cref="Files"/> are all files of the folder, so that they become its index.</summary>
    public bool IsWhole { get; init; }

    /// <summary>When the files were looked at, see <see cref="FileStatus.IsSettled"/>.</summary>
    public long ScannedAt { get; init; }

    /// <summary>Number of files that were read.</summary>
    public long Read { get; set; }

    /// <summary>The objects that were sent.</summary>
    public SentCount Sent { get; } = new();

    /// <summary>The new version.</summary>
    public ObjectId Id { get; set; }

    /// <summary>Bytes of the version.</summary>
    public long Bytes { get; set; }

    /// <summary>Number of files of the version.</summary>
    public long FileCount => Files.Length + Kept.Count;

    /// <summary>Whether the hashes of all files that are here are known.</summary>
    public bool IsKnown => Array.TrueForAll(Files, file => file.Hash is not null);
}
