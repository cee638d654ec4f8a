using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Scans;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning;

/// <summary>
/// Publishes files and folders as DVC does: objects into the cache and the remote, then the listing, then the .dvc file. At each moment
/// a .dvc file names only objects that the remote has.
/// </summary>
public sealed class DatasetPublisher : VersionWork<PublishOptions>
{
    private readonly Dictionary<string, PublishRemote> remotes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DvcFile> written = new(StringComparer.Ordinal);

    /// <summary>Creates the publisher.</summary>
    /// <param name="options">What is published.</param>
    /// <param name="report">Called with the progress, from any thread.</param>
    public DatasetPublisher(PublishOptions options, Action<TransferState>? report = null)
        : base(options, report)
    {
    }

    /// <summary>Publishes.</summary>
    /// <param name="stop">Stops the work; what was sent stays in the remote, and is not sent again.</param>
    /// <exception cref="DatasetVersionException">What failed. The .dvc files are written last.</exception>
    public IReadOnlyList<DatasetVersion> Publish(CancellationToken stop)
    {
        var repository = DvcRepository.Find(Options.Paths[0]);
        var paths = VersionTargets.Of(repository, Options.Paths).Select(target => target.Path).ToArray();
        using var held = Options.IsPreview ? null : RepositoryLock.Take(repository, paths, stop);
        try
        {
            var reader = new DraftReader { Repository = repository, Options = Options, Warn = Warn };
            PublishDraft[] drafts = [.. VersionTargets.Of(repository, Options.Paths)
                .Select(target => reader.Read(target, layout => RemoteOf(repository, target, layout), stop))];
            foreach (var remote in remotes.Values) Inspect(remote, drafts, stop);
            var cache = Options.IsPreview ? null : ObjectStores.Cache(repository);
            foreach (var draft in drafts) Send(draft, cache, stop);
            foreach (var draft in drafts) Complete(draft, cache, stop);
            return [.. drafts.Select(draft => Commit(repository, draft))];
        }
        finally
        {
            foreach (var remote in remotes.Values) remote.Dispose();
        }
    }

    private PublishRemote? RemoteOf(DvcRepository repository, VersionTarget target, ObjectLayout layout)
    {
        RequireOutside(target, repository.CacheFolder, "cache.dir");
        if (target.Output is { IsPushed: false }) return null;
        var settings = RemoteSettings.Read(repository.Config, Options.RemoteOf(target.Output));
        if (!settings.IsS3) RequireOutside(target, settings.Address, $"the url of the remote '{settings.Name}'");
        string key = layout.Prefix + settings.Name;
        if (remotes.TryGetValue(key, out var known)) return known;
        return remotes[key] = new PublishRemote(settings, OpenRemote(settings), layout);
    }

    private static void RequireOutside(VersionTarget target, string folder, string kind)
    {
        string relative = Path.GetRelativePath(target.Path, folder);
        if (Path.IsPathRooted(relative) || relative.Split(Path.DirectorySeparatorChar)[0] == "..") return;
        throw VersionErrors.Unusable(target.Path,
            $"'{folder}', {kind}, is in '{target.Path}', and would be published with it. Name another folder in .dvc/config.");
    }

    /// <summary>
    /// Finds out what the remote holds. That its listing of a folder is there says nothing of the files, so all are looked for: with few
    /// requests, since a list has a thousand names.
    /// </summary>
    private void Inspect(PublishRemote remote, PublishDraft[] drafts, CancellationToken stop)
    {
        var own = drafts.Where(draft => draft.Remote == remote).ToArray();
        ObjectId[]? wanted = null;
        if (!Options.Verify && own.All(draft => draft.IsKnown))
        {
            wanted = [.. own.SelectMany(draft => draft.Files.Select(file => new ObjectId(file.Hash!.Value))
                .Concat(draft.Kept.Select(entry => new ObjectId(entry.Hash)))).Distinct()];
        }

        remote.Inventory = remote.Store.Find(remote.Layout, wanted, stop);
        if (Options.Verify) Verify(remote, own, stop);
    }

    private void Verify(PublishRemote remote, PublishDraft[] drafts, CancellationToken stop)
    {
        ObjectId[] wanted = [.. drafts.SelectMany(draft => draft.Files.Where(file => file.Hash is not null)
            .Select(file => new ObjectId(file.Hash!.Value))
            .Concat(draft.Kept.Select(entry => new ObjectId(entry.Hash)))
            .Concat(draft.Target.Published is { } id && draft.Target.Output!.Layout == remote.Layout ? [id] : []))
            .Distinct().Where(id => remote.Inventory.Has(id) && !remote.Inventory.IsVerified(id))];
        Progress.Begin("Verifying " + remote.Store.Address, wanted.Length, 0);
        ParallelWork.Run(wanted.Length, remote.Store.Parallelism, i =>
        {
            bool isIntact = remote.Store.IsIntact(remote.Layout, wanted[i], stop);
            if (!isIntact) lock (remote.Damaged) remote.Damaged.Add(wanted[i]);
            Progress.Add(remote.Inventory.SizeOf(wanted[i]) ?? 0);
        }, stop);
    }

    private void Send(PublishDraft draft, FolderStore? cache, CancellationToken stop)
    {
        int[] work = [.. draft.Files.Index().Where(f => f.Item.Hash is not { } hash
            || (draft.Remote is { } remote && !remote.Has(new ObjectId(hash), f.Item.Status.Size))).Select(f => f.Index)];
        if (work.Length == 0) return;
        var sender = new ContentSender
        {
            Cache = cache,
            CacheInventory = cache?.Find(draft.Layout, null, stop) ?? new ObjectInventory(),
            Announce = path => Announce($"sending '{path}'"),
        };
        Progress.Begin("Publishing " + draft.Target.Path, work.Length, work.Sum(i => draft.Files[i].Status.Size));
        int threads = Math.Max(draft.Remote?.Store.Parallelism ?? 0, Math.Max(2, Environment.ProcessorCount));
        ParallelWork.Run(work.Length, threads, n =>
        {
            ref var file = ref draft.Files[work[n]];
            file = sender.Send(file, draft, stop);
            Progress.Add(file.Status.Size);
        }, stop);
        if (draft.IsWhole) draft.Read = work.Length;
    }

    /// <summary>Sends what is only in the cache, and the listing, which names nothing that the remote does not have.</summary>
    private void Complete(PublishDraft draft, FolderStore? cache, CancellationToken stop)
    {
        SendKept(draft, cache, stop);
        draft.Bytes = draft.Files.Sum(file => file.Status.Size) + SizeOf(draft.Kept, draft, cache, stop);
        if (!draft.IsFolder)
        {
            draft.Id = new ObjectId(draft.Files[0].Hash!.Value);
            return;
        }

        byte[] listing = new FolderListing(draft.Kept.Concat(draft.Files.Select(file => new FileEntry(file.Path, file.Hash!.Value))))
            .ToBytes();
        var id = draft.Id = new ObjectId(ContentHash.Of(listing), IsListing: true);
        if (cache is null) return;
        if (!cache.Find(draft.Layout, [id], stop).Has(id, listing.Length)) cache.Write(draft.Layout, id, listing, replace: false, stop);
        if (draft.Remote is not { } remote) return;
        var inventory = remote.Inventory.IsComplete ? remote.Inventory : remote.Store.Find(remote.Layout, [id], stop);
        if (inventory.Has(id, listing.Length) && !remote.Damaged.Contains(id)) return;
        Announce($"sending the listing {id}");
        remote.Store.Write(remote.Layout, id, listing, replace: inventory.Has(id), stop);
        draft.Sent.Add(listing.Length, isRepair: inventory.Has(id));
    }

    private static long SizeOf(IReadOnlyList<FileEntry> kept, PublishDraft draft, FolderStore? cache, CancellationToken stop)
    {
        if (kept.Count == 0) return 0;
        var cached = cache?.Find(draft.Layout, null, stop);
        return kept.Sum(entry => draft.Remote?.Inventory.SizeOf(new(entry.Hash)) ?? cached?.SizeOf(new(entry.Hash)) ?? 0);
    }

    private static void SendKept(PublishDraft draft, FolderStore? cache, CancellationToken stop)
    {
        if (draft.Remote is not { } remote || cache is null) return;
        FileEntry[] missing = [.. draft.Kept.Where(entry => !remote.Has(new ObjectId(entry.Hash))).DistinctBy(entry => entry.Hash)];
        if (missing.Length == 0) return;
        var sender = new ContentSender { Cache = cache, CacheInventory = new ObjectInventory() };
        FileEntry[] lost = [.. missing.Where(entry => !sender.SendCached(new ObjectId(entry.Hash), remote, draft.Sent, stop))];
        if (lost.Length == 0) return;
        string kind = remote.Inventory.Has(new ObjectId(lost[0].Hash)) ? "damaged" : "missing";
        throw new DatasetVersionException(DatasetVersionFault.Incomplete, draft.Target.DvcPath,
            $"Files of the published version of '{draft.Target.Path}' that are {kind} in '{remote.Store.Address}' and not in the cache: "
            + $"{lost.Length}, such as '{lost[0].Path}' ({lost[0].Hash}). Run Publish-WmsDataset -Verify where these files are.");
    }

    private DatasetVersion Commit(DvcRepository repository, PublishDraft draft)
    {
        var target = draft.Target;
        bool isChanged = target.Published != draft.Id;
        if (!Options.IsPreview)
        {
            if (isChanged) WriteDvcFile(draft);
            if (target.File is null || isChanged)
            {
                GitIgnoreFile.Add(repository.Root, target.Path);
                if (GitIgnoreFile.Ignores(repository.Root, target.DvcPath))
                {
                    Warn($"git ignores '{target.DvcPath}', so it would not be in a commit. Change .gitignore, or use `git add -f`.");
                }
            }

            if (draft is { IsWhole: true, Layout.IsLegacy: false }) WriteIndex(repository, draft);
        }

        bool isWritten = isChanged || draft.Sent.Files > 0;
        return new DatasetVersion
        {
            Path = target.Path,
            Outcome = !isWritten ? DatasetVersionOutcome.Unchanged
                : Options.IsPreview ? DatasetVersionOutcome.WouldPublish : DatasetVersionOutcome.Published,
            Version = draft.Id.ToString(),
            PreviousVersion = target.Published?.ToString(),
            FileCount = draft.FileCount,
            Bytes = draft.Bytes,
            ReadCount = draft.Read,
            SentCount = draft.Sent.Files,
            SentBytes = draft.Sent.Bytes,
            RepairedCount = Options.Verify ? draft.Sent.Repaired : null,
            Remote = draft.Remote?.Settings.Name,
            RemoteAddress = draft.Remote?.Store.Address,
            DvcPath = target.DvcPath,
        };
    }

    private void WriteDvcFile(PublishDraft draft)
    {
        var target = draft.Target;
        var output = (target.Output ?? new DvcOutput { Path = target.Path }) with
        {
            Id = draft.Id,
            Size = draft.Bytes,
            Files = draft.IsFolder ? draft.FileCount : null,
            IsExecutable = !draft.IsFolder && IsExecutable(target.Path),
        };
        var file = written.GetValueOrDefault(target.DvcPath, target.File!); // with what this call has changed in it for another output
        string text = file?.TextWith(output) ?? DvcFile.TextOf(Path.GetFileName(target.Path), output);
        Announce($"writing '{target.DvcPath}'");
        AtomicFile.WriteText(target.DvcPath, text);
        written[target.DvcPath] = DvcFile.Parse(target.DvcPath, text, target.DvcPath);
    }

    private static bool IsExecutable(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != 0;

    private static void WriteIndex(DvcRepository repository, PublishDraft draft)
    {
        var settled = draft.Files.Where(file => file.Status.IsSettled(draft.ScannedAt));
        FileIndex.Of(settled.Select(file => (file.Path, file.Status, file.Hash!.Value))).Write(repository, draft.Target.Path);
    }
}
