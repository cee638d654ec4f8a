using System.Collections.Concurrent;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Scans;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning;

/// <summary>What a restore will do with the files of one file or folder.</summary>
internal sealed class RestorePlan
{
    private RestorePlan()
    {
    }

    /// <summary>What is restored.</summary>
    public required VersionTarget Target { get; init; }

    /// <summary>All files of the version.</summary>
    public required IReadOnlyList<FileEntry> Entries { get; init; }

    /// <summary>The files as they are.</summary>
    public required ScannedFile[] Here { get; init; }

    /// <summary>The files to write.</summary>
    public List<FileEntry> Missing { get; } = [];

    /// <summary>The files to remove: published before, and not in the version.</summary>
    public List<ScannedFile> Extra { get; } = [];

    /// <summary>The files that were never published, and that the version does not have.</summary>
    public List<ScannedFile> Own { get; } = [];

    /// <summary>The files that were never published, and in whose place the version has other content, or a folder.</summary>
    public List<ScannedFile> InTheWay { get; } = [];

    /// <summary>
    /// The files of <see cref="Extra"/> and <see cref="Own"/> to remove first: the version has a folder in place of the file, or a file in
    /// place of its folder.
    /// </summary>
    public List<ScannedFile> Blocking { get; } = [];

    /// <summary>
    /// The files that were written, with their status right after: what changes them later is seen by it. By their path in the folder.
    /// </summary>
    public ConcurrentDictionary<string, FileStatus> Written { get; } = new(StringComparer.Ordinal);

    /// <summary>When the files were looked at, see <see cref="FileStatus.IsSettled"/>.</summary>
    public long ScannedAt { get; private init; }

    /// <summary>Makes the plan.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="target">What is restored.</param>
    /// <param name="entries">All files of the version.</param>
    /// <param name="cache">The cache: what is in it was published.</param>
    /// <param name="hashed">Called for each file that is read.</param>
    /// <param name="stop">Stops the work.</param>
    public static RestorePlan Make(
        DvcRepository repository, VersionTarget target, IReadOnlyList<FileEntry> entries, FolderStore cache, Action<long> hashed,
        CancellationToken stop)
    {
        var layout = target.Output!.Layout;
        long now = FileStatus.Now();
        var index = layout.IsLegacy ? FileIndex.Of([]) : FileIndex.Read(repository, target.Path);
        var here = FileScanner.Scan(repository.Root, target.Path, index, stop, cache: repository.CacheFolder);
        FileScanner.Hash(here, layout, hashed, stop);
        var plan = new RestorePlan { Target = target, Entries = entries, Here = here, ScannedAt = now };
        bool isAllSeen = FolderScan.RulesOf(repository.Root, target.Path).IsEmpty;
        var byPath = here.ToDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!byPath.Remove(entry.Path, out var file) && (isAllSeen || !TryHidden(entry, out file)))
            {
                plan.Missing.Add(entry);
            }
            else if (file.Hash != entry.Hash)
            {
                plan.Missing.Add(entry);
                if (!WasPublished(file)) plan.InTheWay.Add(file);
            }
        }

        var folders = entries.SelectMany(entry => FoldersOf(entry.Path)).ToHashSet(StringComparer.Ordinal);
        var names = byPath.Count == 0 ? [] : entries.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in byPath.Values)
        {
            bool isPublished = WasPublished(file), isBlocking = folders.Contains(file.Path) || FoldersOf(file.Path).Any(names.Contains);
            (isPublished ? plan.Extra : plan.Own).Add(file);
            if (!isBlocking) continue;
            plan.Blocking.Add(file);
            if (!isPublished) plan.InTheWay.Add(file);
        }

        return plan;

        // A file of the version that .dvcignore names, perhaps since later.
        bool TryHidden(FileEntry entry, out ScannedFile file)
        {
            string full = entry.Path.Length == 0 ? target.Path
                : Path.Combine(target.Path, entry.Path.Replace('/', Path.DirectorySeparatorChar));
            file = default;
            if (FileStatus.TryRead(full) is not { } status) return false;
            var hash = index.TryGet(entry.Path, status, out var known) ? known : FolderStore.HashOf(full, layout, stop);
            file = new(entry.Path, full, status, hash);
            return true;
        }

        bool WasPublished(ScannedFile file) =>
            index.Had(file.Path, file.Hash!.Value) || File.Exists(cache.PathOf(layout, new ObjectId(file.Hash!.Value)))
            || (layout.IsLegacy && File.Exists(cache.PathOf(ObjectLayout.Current, new ObjectId(file.Hash!.Value))));
    }

    // The folders that a file is in; the path of the root is empty.
    private static IEnumerable<string> FoldersOf(string path)
    {
        if (path.Length == 0) yield break;
        for (int end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1)) yield return path[..end];
        yield return "";
    }
}
