using WaterMeters.Ops.Versioning;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Tests.Versioning;

/// <summary>A repository of DVC with a remote in a folder beside it, deleted at the end of the test.</summary>
internal sealed class TestRepository : IDisposable
{
    private readonly TempFolder temp = new();

    public TestRepository(string config = "")
    {
        Directory.CreateDirectory(Path.Combine(Root, ".dvc"));
        Configure("[core]\n    remote = store\n['remote \"store\"']\n    url = ../../remote\n" + config);
    }

    public string Root => temp["repo"];

    public string Remote => temp["remote"];

    public string this[params string[] parts] => Path.Combine([Root, .. parts]);

    public DvcRepository Read() => DvcRepository.Find(Root);

    public void Configure(string text) => File.WriteAllText(this[".dvc", "config"], text);

    /// <summary>Writes a file, and the folders that it is in; its time is some minutes ago.</summary>
    public string Write(string path, string content)
    {
        string full = PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return full;
    }

    public DatasetVersion Publish(string path, PublishOptions? options = null, Func<RemoteSettings, IObjectStore>? open = null) =>
        Assert.Single(PublishAll([path], options, open));

    public IReadOnlyList<DatasetVersion> PublishAll(
        string[] paths, PublishOptions? options = null, Func<RemoteSettings, IObjectStore>? open = null)
    {
        string[] full = [.. paths.Select(PathOf)];
        return new DatasetPublisher((options ?? new PublishOptions { Paths = full }) with { Paths = full })
        {
            OpenRemote = open ?? ObjectStores.Remote,
        }.Publish(TestContext.Current.CancellationToken);
    }

    public DatasetRestore Restore(string path, RestoreOptions? options = null, Func<RemoteSettings, IObjectStore>? open = null)
    {
        string[] full = [PathOf(path)];
        return Assert.Single(new DatasetRestorer((options ?? new RestoreOptions { Paths = full }) with { Paths = full })
        {
            OpenRemote = open ?? ObjectStores.Remote,
        }.Restore(TestContext.Current.CancellationToken));
    }

    public IReadOnlyList<DatasetChange> Compare(string path, string? from = null, string? to = null) =>
        [.. new DatasetComparer(new CompareOptions { Paths = [PathOf(path)], From = from, To = to })
            .Compare(TestContext.Current.CancellationToken)];

    /// <summary>The relative paths of the files below a folder, with their content.</summary>
    public static SortedDictionary<string, string> Contents(string folder)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!Directory.Exists(folder)) return files;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            files[name] = Convert.ToHexString(File.ReadAllBytes(file));
        }

        return files;
    }

    /// <summary>Removes the files of a folder, the cache and the index, as in a new clone.</summary>
    public void Forget(string path)
    {
        foreach (string folder in (string[])[PathOf(path), this[".dvc", "cache"], this[".dvc", "tmp"]])
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Checks that everything a .dvc file names is in the remote, with the content that it is named by.</summary>
    public void RequireWholeRemote(string dvcPath)
    {
        foreach (var output in DvcFile.Read(PathOf(dvcPath)).Outputs)
        {
            var id = output.Id!.Value;
            using var store = new FolderStore(Remote);
            byte[] content = File.ReadAllBytes(store.PathOf(output.Layout, id));
            Assert.Equal(id.Hash, ContentHash.Of(content));
            if (!id.IsListing) continue;
            foreach (var entry in FolderListing.Read(content, "listing").Entries)
            {
                Assert.Equal(entry.Hash, ContentHash.Of(File.ReadAllBytes(store.PathOf(output.Layout, new ObjectId(entry.Hash)))));
            }
        }
    }

    public void Dispose() => temp.Dispose();

    private string PathOf(string path) => Path.GetFullPath(Path.Combine(Root, path));
}
