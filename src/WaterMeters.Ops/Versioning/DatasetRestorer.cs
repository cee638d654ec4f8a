using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Scans;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning;

/// <summary>
/// Puts the files of a published version in place. Each object is compared with its hash first; files that are right are not touched, and
/// files that were never published are neither replaced nor removed.
/// </summary>
public sealed class DatasetRestorer : VersionWork<RestoreOptions>
{
    /// <summary>Creates the restorer.</summary>
    /// <param name="options">What is restored.</param>
    /// <param name="report">Called with the progress, from any thread.</param>
    public DatasetRestorer(RestoreOptions options, Action<TransferState>? report = null)
        : base(options, report)
    {
    }

    /// <summary>Restores.</summary>
    /// <param name="stop">Stops the work; running it again continues.</param>
    /// <exception cref="DatasetVersionException">What failed; every file that was written is complete.</exception>
    public IReadOnlyList<DatasetRestore> Restore(CancellationToken stop)
    {
        var repository = DvcRepository.Find(Options.Paths[0]);
        using var held = Options.IsPreview ? null : RepositoryLock.Take(
            repository, [.. VersionTargets.Of(repository, Options.Paths).Select(target => target.Path)], stop);
        var cache = ObjectStores.Cache(repository);
        var opened = new List<IObjectStore>();
        try
        {
            var work = new List<(RestorePlan Plan, ObjectFetcher Fetcher)>();
            foreach (var current in VersionTargets.Of(repository, Options.Paths))
            {
                var target = Options.Revision is null ? current : current.At(Options.Revision);
                var remote = new Lazy<IObjectStore>(() => Open(repository, target, opened));
                var fetcher = new ObjectFetcher(cache, remote) { IsReadOnly = Options.IsPreview };
                var entries = Entries(target, fetcher, stop);
                Progress.Begin("Reading " + target.Path, entries.Count, 0);
                var plan = RestorePlan.Make(repository, target, entries, cache, Progress.Add, stop);
                RequireFree(plan);
                foreach (string folder in FoldersOf(plan)) VersionTargets.RequireNoLink(target.Path, folder);
                work.Add((plan, fetcher));
            }

            return [.. work.Select(item => Apply(repository, item.Plan, item.Fetcher, cache, stop))];
        }
        finally
        {
            foreach (var store in opened) store.Dispose();
        }
    }

    private IObjectStore Open(DvcRepository repository, VersionTarget target, List<IObjectStore> opened)
    {
        var store = OpenRemote(RemoteSettings.Read(repository.Config, Options.RemoteOf(target.Output)));
        opened.Add(store);
        return store;
    }

    private IReadOnlyList<FileEntry> Entries(VersionTarget target, ObjectFetcher fetcher, CancellationToken stop)
    {
        var id = target.Required();
        if (!id.IsListing) return [new FileEntry("", id.Hash)];
        var entries = (fetcher.FetchListing(target.Output!.Layout, id, stop) ?? throw new DatasetVersionException(
            DatasetVersionFault.Incomplete, target.DvcPath,
            $"The listing {id} of '{target.Path}' is neither in the cache nor in '{fetcher.Address}'. "
            + "Run Publish-WmsDataset -Verify where the files are.")).Entries;
        foreach (var (first, second) in RelativePath.Collisions(entries))
        {
            string message = $"'{first}' and '{second}' of '{target.Path}' differ only in case";
            if (!OperatingSystem.IsLinux())
            {
                throw VersionErrors.Unusable(target.DvcPath,
                    $"{message}, and would be one file here. Rename one of them on Linux, and publish again.");
            }

            Warn($"{message}: Windows and macOS cannot restore both.");
        }

        return entries;
    }

    private void RequireFree(RestorePlan plan)
    {
        if (plan.InTheWay.Count == 0 || Options.Force) return;
        string path = plan.InTheWay[0].FullPath;
        throw new DatasetVersionException(DatasetVersionFault.FileInTheWay, path,
            $"Files that would be replaced although they were never published: {plan.InTheWay.Count}, such as '{path}'. "
            + "Nothing was written. Publish or move them, or use -Force to replace them.");
    }

    private DatasetRestore Apply(DvcRepository repository, RestorePlan plan, ObjectFetcher fetcher, FolderStore cache,
        CancellationToken stop)
    {
        var extra = Options.Force ? [.. plan.Extra, .. plan.Own] : plan.Extra;
        if (!Options.IsPreview)
        {
            Remove(plan.Target.Path, plan.Blocking);
            if (plan.Target.Required().IsListing && plan.Entries.Count == 0) Directory.CreateDirectory(plan.Target.Path);
            Write(repository, plan, fetcher, cache, stop);
            Remove(plan.Target.Path, [.. extra.Except(plan.Blocking)]);
            if (!plan.Target.Output!.Layout.IsLegacy) WriteIndex(repository, plan);
        }

        bool isChanged = plan.Missing.Count + extra.Count > 0;
        return new DatasetRestore
        {
            Path = plan.Target.Path,
            Outcome = !isChanged ? DatasetVersionOutcome.Unchanged
                : Options.IsPreview ? DatasetVersionOutcome.WouldRestore : DatasetVersionOutcome.Restored,
            Version = plan.Target.Required().ToString(),
            FileCount = plan.Entries.Count,
            WrittenCount = plan.Missing.Count,
            RemovedCount = extra.Count,
            KeptCount = Options.Force ? 0 : plan.Own.Count,
            ReceivedCount = fetcher.Files,
            ReceivedBytes = fetcher.Bytes,
            DvcPath = plan.Target.DvcPath,
        };
    }

    private void Write(DvcRepository repository, RestorePlan plan, ObjectFetcher fetcher, FolderStore cache, CancellationToken stop)
    {
        var output = plan.Target.Output!;
        IGrouping<ContentHash, FileEntry>[] work = [.. plan.Missing.GroupBy(entry => entry.Hash)];
        if (work.Length == 0) return;
        var placer = new FilePlacer(cache, repository.LinkKinds);
        foreach (string folder in FoldersOf(plan)) Directory.CreateDirectory(folder);
        Progress.Begin("Restoring " + plan.Target.Path, work.Length, 0);
        var lost = new List<FileEntry>();
        int threads = fetcher.ParallelismFor(output.Layout, [.. work.Select(group => new ObjectId(group.Key))], stop);
        ParallelWork.Run(work.Length, threads, n =>
        {
            var id = new ObjectId(work[n].Key);
            try
            {
                byte[]? content = fetcher.Fetch(output.Layout, id, stop);
                foreach (var entry in work[n])
                {
                    string path = FullPath(plan, entry);
                    Announce($"writing '{path}'");
                    if (IsEmpty(path)) Directory.Delete(path);
                    placer.Place(output.Layout, id, content, path, output.IsExecutable, stop);
                    if (FileStatus.TryRead(path) is { } status) plan.Written[entry.Path] = status;
                }

                Progress.Add(content?.Length ?? 0);
            }
            catch (MissingObjectException)
            {
                lock (lost) lost.AddRange(work[n]);
            }
        }, stop);
        if (lost.Count == 0) return;
        var first = lost.MinBy(entry => entry.Path, CodePointOrder.Instance);
        string name = first.Path.Length > 0 ? first.Path : Path.GetFileName(plan.Target.Path);
        throw new DatasetVersionException(DatasetVersionFault.Incomplete, plan.Target.DvcPath,
            $"Files of '{plan.Target.Path}' that are neither in the cache nor in '{fetcher.Address}': {lost.Count} of "
            + $"{plan.Entries.Count}, such as '{name}' ({first.Hash}). The others are in place. "
            + "Run Publish-WmsDataset -Verify where these files are.");
    }

    private void Remove(string root, IReadOnlyList<ScannedFile> files)
    {
        foreach (var file in files)
        {
            Announce($"removing '{file.FullPath}'");
            HeldFile.Delete(file.FullPath);
        }

        // Folders that only held such files; the deepest first.
        foreach (string folder in files.Select(file => Path.GetDirectoryName(file.FullPath)!).Distinct(StringComparer.Ordinal)
            .OrderByDescending(folder => folder.Length))
        {
            string? at = folder;
            while (at is not null && at.Length > root.Length && IsEmpty(at))
            {
                Directory.Delete(at);
                at = Path.GetDirectoryName(at);
            }
        }
    }

    /// <summary>The folders that files are written into.</summary>
    private static IEnumerable<string> FoldersOf(RestorePlan plan) =>
        plan.Missing.Select(entry => Path.GetDirectoryName(FullPath(plan, entry))!).Distinct(StringComparer.Ordinal);

    private static bool IsEmpty(string folder) => Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any();

    private static void WriteIndex(DvcRepository repository, RestorePlan plan)
    {
        var here = plan.Here.Where(file => file.Status.IsSettled(plan.ScannedAt) && !plan.Written.ContainsKey(file.Path))
            .Select(file => (file.Path, file.Status, Hash: file.Hash!.Value));
        var placed = plan.Missing.Where(entry => plan.Written.ContainsKey(entry.Path))
            .Select(entry => (entry.Path, Status: plan.Written[entry.Path], entry.Hash));
        FileIndex.Of(here.Concat(placed)).Write(repository, plan.Target.Path);
    }

    private static string FullPath(RestorePlan plan, FileEntry entry) => entry.Path.Length == 0
        ? plan.Target.Path
        : Path.Combine(plan.Target.Path, entry.Path.Replace('/', Path.DirectorySeparatorChar));
}
