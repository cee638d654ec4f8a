using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Scans;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning;

/// <summary>Finds out what a version will consist of: the files of a folder, or those of a published version and new ones.</summary>
internal sealed class DraftReader
{
    /// <summary>The repository.</summary>
    public required DvcRepository Repository { get; init; }

    /// <summary>What is published.</summary>
    public required PublishOptions Options { get; init; }

    /// <summary>Called with a warning.</summary>
    public required Action<string> Warn { get; init; }

    /// <summary>Reads a target.</summary>
    public PublishDraft Read(VersionTarget target, Func<ObjectLayout, PublishRemote?> remoteFor, CancellationToken stop)
    {
        bool isHere = Path.Exists(target.Path);
        if (Options.AddPath is not null || (!isHere && Options.Verify)) return ReadPublished(target, remoteFor(ObjectLayout.Current), stop);
        if (!isHere)
        {
            throw VersionErrors.NotFound(target.Path, target.Published is null
                ? $"'{target.Path}' does not exist. Name a folder with photos or masks."
                : $"'{target.Path}' is not here. Restore it with Restore-WmsDataset, or add files to its version with -Add.");
        }

        VersionTargets.RequireSeparate(Repository, target);
        long now = FileStatus.Now();
        var index = FileIndex.Read(Repository, target.Path);
        var files = FileScanner.Scan(Repository.Root, target.Path, index, stop);
        bool isUnread = files.Any(file => file.Hash is null);
        if (Options.Verify) FileScanner.Hash(files, ObjectLayout.Current, _ => { }, stop);
        bool isFolder = Directory.Exists(target.Path);
        if (isFolder) RequireNames(target, files);
        var layout = ObjectLayout.Current;
        if (target.Output is { Layout.IsLegacy: true } && Legacy(files, isFolder, stop) is var (legacy, id) && id == target.Published)
        {
            (files, layout) = (legacy, ObjectLayout.Legacy); // nothing has changed: DVC leaves such a version as it is
        }

        var remote = remoteFor(layout);
        if (isFolder && (isUnread || files.Length != target.Output?.Files)) CompareWithPublished(target, files, index, remote, stop);
        return new PublishDraft
        {
            Target = target,
            Files = files,
            IsFolder = isFolder,
            Layout = layout,
            Remote = remote,
            IsWhole = true,
            ScannedAt = now,
        };
    }

    /// <summary>Checks that what is published can be restored.</summary>
    private void RequireNames(VersionTarget target, ScannedFile[] files)
    {
        var notOnWindows = new List<(string Path, string Reason)>();
        foreach (var file in files)
        {
            if (RelativePath.Refusal(file.Path) is { } reason)
            {
                throw VersionErrors.Unusable(file.FullPath,
                    $"'{file.FullPath}' cannot be published: it {reason}. Rename it, or name it in .dvcignore.");
            }

            if (RelativePath.Refusal(file.Path, onWindows: true) is { } other) notOnWindows.Add((file.Path, other));
            if (file.Path.EndsWith(DvcFile.Extension, StringComparison.Ordinal)
                && Path.Exists(file.FullPath[..^DvcFile.Extension.Length]))
            {
                throw VersionErrors.Unusable(target.Path,
                    $"'{target.Path}' has files that are published on their own, by '{file.FullPath}'. Delete that .dvc file, or publish "
                        + "what it names instead.");
            }
        }

        if (notOnWindows is [var (name, why), ..])
        {
            Warn($"Windows cannot restore '{target.Path}'. Files with names that it does not allow: {notOnWindows.Count}, such as "
                + $"'{name}', which {why}.");
        }

        foreach (var (first, second) in RelativePath.Collisions(files.Select(file => new FileEntry(file.Path, default))))
        {
            Warn($"'{first}' and '{second}' in '{target.Path}' differ only in case: Windows and macOS cannot restore both.");
        }
    }

    /// <summary>
    /// Warns if the published version has files that were never in the folder here: someone else has added them, or -Add, and a version
    /// without them undoes that. -Verify repairs a version, and does not make one with fewer files.
    /// </summary>
    private void CompareWithPublished(
        VersionTarget target, ScannedFile[] files, FileIndex index, PublishRemote? remote, CancellationToken stop)
    {
        if (remote is null || target.Output is not { Id: { IsListing: true } id, Layout.IsLegacy: false }) return;
        var cache = ObjectStores.Cache(Repository);
        bool isCached = File.Exists(cache.PathOf(ObjectLayout.Current, id));
        if (isCached && index.Count == 0 && !Options.Verify) return; // DVC may have put the files here: nothing is known of them
        var fetcher = new ObjectFetcher(cache, new Lazy<IObjectStore>(remote.Store)) { IsReadOnly = true };
        if (fetcher.FetchListing(ObjectLayout.Current, id, stop) is not { } published) return;
        var here = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        FileEntry[] missing = [.. published.Entries.Where(entry => !here.Contains(entry.Path))];
        if (Options.Verify && missing.Length > 0)
        {
            throw VersionErrors.Unusable(target.Path,
                $"'{target.Path}' lacks {missing.Length} of the {published.Entries.Count} files of the version that "
                    + $"'{target.DvcPath}' names, such as '{missing[0].Path}', and -Verify does not remove them from it. Run "
                    + "Restore-WmsDataset first, or publish without -Verify.");
        }

        FileEntry[] lost = [.. missing.Where(entry => !(isCached && index.Has(entry.Path)))];
        if (lost.Length == 0) return;
        Warn($"The version that '{target.DvcPath}' names has files that were never in '{target.Path}' on this machine: {lost.Length}, such "
            + $"as '{lost[0].Path}'. The new version does not have them. If you do not want that, take the .dvc file from git again, run "
            + "Restore-WmsDataset, and publish again.");
    }

    private static (ScannedFile[] Files, ObjectId Id) Legacy(ScannedFile[] files, bool isFolder, CancellationToken stop)
    {
        ScannedFile[] legacy = [.. files.Select(file => file with { Hash = null })];
        FileScanner.Hash(legacy, ObjectLayout.Legacy, _ => { }, stop);
        if (!isFolder) return (legacy, new ObjectId(legacy[0].Hash!.Value));
        var listing = new FolderListing(legacy.Select(file => new FileEntry(file.Path, file.Hash!.Value)));
        return (legacy, new ObjectId(ContentHash.Of(listing.ToBytes()), IsListing: true));
    }

    /// <summary>Reads a published version from its listing alone, and the files that are added to it.</summary>
    private PublishDraft ReadPublished(VersionTarget target, PublishRemote? remote, CancellationToken stop)
    {
        var published = Listing(target, remote, stop);
        ScannedFile[] added = Options.AddPath is null ? [] : FileScanner.Scan(
            Repository.Root, AddPathOf(target), FileIndex.Of([]), stop, target.Path);
        FileScanner.Hash(added, ObjectLayout.Current, _ => { }, stop);
        var known = published.ToDictionary(entry => entry.Path, entry => entry.Hash, StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in published) names.TryAdd(entry.Path, entry.Path); // Linux may have published names that differ only in case
        var conflicts = new List<ScannedFile>();
        foreach (var file in added)
        {
            if (RelativePath.Refusal(file.Path) is { } reason)
            {
                throw VersionErrors.Unusable(file.FullPath, $"'{file.FullPath}' cannot be added: it {reason}. Rename it.");
            }

            if (known.TryGetValue(file.Path, out var hash))
            {
                if (hash != file.Hash) conflicts.Add(file);
            }
            else if (!names.TryAdd(file.Path, file.Path))
            {
                string other = names[file.Path];
                throw VersionErrors.Unusable(file.FullPath,
                    $"'{file.FullPath}' and {(known.ContainsKey(other) ? "the published " : "")}'{other}' differ only in case, and Windows "
                        + "and macOS cannot restore both. Rename it.");
            }
        }

        if (conflicts.Count > 0 && !Options.Force)
        {
            throw new DatasetVersionException(DatasetVersionFault.FileInTheWay, conflicts[0].FullPath,
                $"Files to add that are published with other content: {conflicts.Count}, such as '{conflicts[0].FullPath}'. "
                + "Rename them, or use -Force to replace the published ones.");
        }

        var replaced = added.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        FileEntry[] kept = [.. published.Where(entry => !replaced.Contains(entry.Path))];
        if (RelativePath.FileWithFiles([.. kept, .. added.Select(file => new FileEntry(file.Path, default))]) is { } both)
        {
            throw VersionErrors.Unusable(target.Path,
                $"'{both}' would be a file and a folder in '{target.Path}'. Rename what is added.");
        }

        return new PublishDraft
        {
            Target = target,
            Files = added,
            Kept = kept,
            IsFolder = true,
            Remote = remote,
            Read = added.Length,
        };
    }

    private IReadOnlyList<FileEntry> Listing(VersionTarget target, PublishRemote? remote, CancellationToken stop)
    {
        var id = target.Required();
        if (target.Output!.Layout.IsLegacy)
        {
            throw VersionErrors.Unusable(target.DvcPath,
                $"'{target.DvcPath}' was written by DVC 2, whose files have other hashes. Restore the folder, and publish it once as a "
                    + "whole.");
        }

        if (!id.IsListing)
        {
            throw VersionErrors.Unusable(target.DvcPath, $"'{target.Path}' is a file, to which nothing can be added. Name a folder.");
        }

        var fetcher = new ObjectFetcher(ObjectStores.Cache(Repository), remote is null ? null : new Lazy<IObjectStore>(remote.Store))
        {
            IsReadOnly = Options.IsPreview,
        };
        var listing = fetcher.FetchListing(ObjectLayout.Current, id, stop) ?? throw new DatasetVersionException(
            DatasetVersionFault.Incomplete, target.DvcPath,
            $"The listing {id} of '{target.Path}' is neither in the cache nor in '{fetcher.Address}'. "
            + "Publish the folder where its files are, with -Verify.");
        return listing.Entries;
    }

    /// <summary>Returns the folder with the files for a target: one of its name, if there is one, or else the folder itself.</summary>
    private string AddPathOf(VersionTarget target)
    {
        string path = Options.AddPath!, own = Path.Combine(path, Path.GetFileName(target.Path));
        if (Directory.Exists(own)) return own;
        if (Options.Paths.Count == 1 && Directory.Exists(path)) return path;
        throw VersionErrors.NotFound(own, Directory.Exists(path)
            ? $"'{path}' has no folder '{Path.GetFileName(target.Path)}' with the files to add to '{target.Path}'. Create it, or publish "
                + "one folder."
            : $"'{path}' is not a folder. Name the folder with the files to add.");
    }
}
