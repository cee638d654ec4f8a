using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Scans;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning;

/// <summary>Finds the files that differ between two versions, or between a version and the files that are here.</summary>
public sealed class DatasetComparer
{
    private readonly CompareOptions options;
    private readonly TransferProgress progress;

    /// <summary>Creates the comparer.</summary>
    /// <param name="options">What is compared.</param>
    /// <param name="report">Called with the progress, from any thread.</param>
    public DatasetComparer(CompareOptions options, Action<TransferState>? report = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, progress) = (options, new TransferProgress(report));
    }

    /// <summary>Returns the changes, ordered by path.</summary>
    /// <exception cref="DatasetVersionException">There is no such version, or its listing cannot be read.</exception>
    public IEnumerable<DatasetChange> Compare(CancellationToken stop)
    {
        foreach (var target in options.Paths.SelectMany(path => VersionTargets.Of(DvcRepository.Find(path), [path])))
        {
            var repository = DvcRepository.Find(target.Path);
            var cache = ObjectStores.Cache(repository);
            var from = Version(repository, cache, target, options.From, stop);
            var to = options.To is null && options.From is null
                ? Here(repository, target, from.Layout, stop)
                : Version(repository, cache, target, options.To, stop);
            foreach (var change in Differences(target, from, to, new PhotoParts(cache, target.Path))) yield return change;
        }
    }

    private Content Version(DvcRepository repository, FolderStore cache, VersionTarget target, string? version, CancellationToken stop)
    {
        var named = version is null ? target
            : File.Exists(version) ? VersionTarget.Of(version).First(t => Path.GetFileName(t.Path) == Path.GetFileName(target.Path))
            : target.At(version);
        var id = named.Required();
        var layout = named.Output!.Layout;
        if (!id.IsListing) return new([new("", id.Hash)], layout);
        IObjectStore? opened = null;
        try
        {
            var remote = new Lazy<IObjectStore>(
                () => opened = ObjectStores.Remote(RemoteSettings.Read(repository.Config, options.RemoteOf(named.Output))));
            var fetcher = new ObjectFetcher(cache, remote) { IsReadOnly = true };
            var listing = fetcher.FetchListing(layout, id, stop) ?? throw new DatasetVersionException(
                DatasetVersionFault.Incomplete, named.DvcPath,
                $"The listing {id} of '{named.Path}' is neither in the cache nor in '{fetcher.Address}'. "
                + "Run Publish-WmsDataset -Verify where the files are.");
            return new(listing.Entries, layout);
        }
        finally
        {
            opened?.Dispose();
        }
    }

    private Content Here(DvcRepository repository, VersionTarget target, ObjectLayout layout, CancellationToken stop)
    {
        var index = layout.IsLegacy ? FileIndex.Of([]) : FileIndex.Read(repository, target.Path);
        var files = FileScanner.Scan(repository.Root, target.Path, index, stop);
        var unknown = files.Where(file => file.Hash is null).ToArray();
        progress.Begin("Reading " + target.Path, unknown.Length, unknown.Sum(file => file.Status.Size));
        FileScanner.Hash(files, layout, progress.Add, stop);
        return new([.. files.Select(file => new FileEntry(file.Path, file.Hash!.Value))], layout);
    }

    private static IEnumerable<DatasetChange> Differences(VersionTarget target, Content from, Content to, PhotoParts parts)
    {
        if (from.Layout != to.Layout)
        {
            throw VersionErrors.Unusable(target.DvcPath,
                $"One version of '{target.Path}' was written by DVC 2 and the other by DVC 3, whose hashes differ for the same file. "
                + "Compare two versions of the same kind.");
        }

        var before = from.Entries.ToDictionary(entry => entry.Path, entry => entry.Hash, StringComparer.Ordinal);
        var changes = new List<(string Name, ContentHash? Old, ContentHash? New)>();
        foreach (var entry in to.Entries)
        {
            if (!before.Remove(entry.Path, out var old)) changes.Add((entry.Path, null, entry.Hash));
            else if (old != entry.Hash) changes.Add((entry.Path, old, entry.Hash));
        }

        changes.AddRange(before.Select(entry => (entry.Key, (ContentHash?)entry.Value, (ContentHash?)null)));
        foreach (var (name, old, @new) in changes.OrderBy(change => change.Name, CodePointOrder.Instance))
        {
            string file = name.Length == 0 ? target.Path : Path.Combine(target.Path, name.Replace('/', Path.DirectorySeparatorChar));
            yield return new DatasetChange
            {
                Name = name.Length == 0 ? Path.GetFileName(target.Path) : name,
                Change = old is null ? DatasetChangeKind.Added : @new is null ? DatasetChangeKind.Removed : DatasetChangeKind.Changed,
                Split = parts.Of(to.Layout, (@new ?? old)!.Value, file),
                Hash = @new?.ToString(),
                PreviousHash = old?.ToString(),
                Path = target.Path,
                FilePath = file,
            };
        }
    }

    private sealed record Content(IReadOnlyList<FileEntry> Entries, ObjectLayout Layout);
}
