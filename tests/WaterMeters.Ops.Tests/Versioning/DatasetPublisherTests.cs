using WaterMeters.Ops.Versioning;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Tests.Versioning;

public class DatasetPublisherTests
{
    [Fact]
    public void Publishes_a_folder_as_DVC_does()
    {
        using var repository = new TestRepository();
        repository.Write("data/images/foo", "foo");
        repository.Write("data/images/bar", "bar");
        var version = repository.Publish("data/images");
        Assert.Equal("5ea40360f5b4ec688df672a4db9c17d1.dir", version.Version);
        Assert.Equal((DatasetVersionOutcome.Published, 2L, 6L, 2L, 3L),
            (version.Outcome, version.FileCount, version.Bytes, version.ReadCount, version.SentCount));
        Assert.Equal((null, "store", repository.Remote), (version.PreviousVersion, version.Remote, version.RemoteAddress));
        Assert.Equal(
            "outs:\n- md5: 5ea40360f5b4ec688df672a4db9c17d1.dir\n  size: 6\n  nfiles: 2\n  hash: md5\n  path: images\n",
            File.ReadAllText(repository["data", "images.dvc"]));
        Assert.Equal("/images\n", File.ReadAllText(repository["data", ".gitignore"]));
        string[] objects =
        [
            "files/md5/37/b51d194a7513e45b56f6524f2d51f2", "files/md5/5e/a40360f5b4ec688df672a4db9c17d1.dir",
            "files/md5/ac/bd18db4cc2f85cedef654fccc4a4d8",
        ];
        Assert.Equal(objects, TestRepository.Contents(repository.Remote).Keys);
        Assert.Equal(objects, TestRepository.Contents(repository[".dvc", "cache"]).Keys);
        repository.RequireWholeRemote("data/images.dvc");
    }

    [Fact]
    public void Reads_and_sends_nothing_the_second_time()
    {
        using var repository = new TestRepository();
        Age(repository.Write("data/images/a", "a"));
        Age(repository.Write("data/images/b/c", "c"));
        repository.Publish("data/images");
        var before = File.GetLastWriteTimeUtc(repository["data", "images.dvc"]);
        var again = repository.Publish("data/images");
        Assert.Equal((DatasetVersionOutcome.Unchanged, 0L, 0L), (again.Outcome, again.ReadCount, again.SentCount));
        Assert.Equal(before, File.GetLastWriteTimeUtc(repository["data", "images.dvc"]));

        // One more file, and one with other content in the same size and with the same time.
        string changed = repository["data", "images", "a"];
        var time = File.GetLastWriteTimeUtc(changed);
        File.Delete(changed);
        File.WriteAllText(changed, "A");
        File.SetLastWriteTimeUtc(changed, time);
        repository.Write("data/images/d", "d");
        var third = repository.Publish("data/images");
        Assert.Equal((DatasetVersionOutcome.Published, 3L, 3L), (third.Outcome, third.FileCount, third.SentCount));
        Assert.Equal(again.Version, third.PreviousVersion);
        repository.RequireWholeRemote("data/images.dvc");
    }

    [Theory]
    [InlineData(null, null, null, "store")]
    [InlineData(null, null, "project", "project")]
    [InlineData(null, "own", "project", "own")]
    [InlineData("given", "own", "project", "given")]
    public void Sends_to_the_remote_that_is_named_most_directly(string? given, string? own, string? project, string expected)
    {
        using var repository = new TestRepository(string.Concat(
            ((string[])["project", "own", "given"]).Select(name => $"['remote \"{name}\"']\n    url = ../../{name}\n")));
        repository.Write("a", "a");
        if (own is not null) repository.Write("a.dvc", $"outs:\n- path: a\n  remote: {own}\n");
        var options = new PublishOptions { Paths = [], Remote = given, ProjectRemote = project };
        Assert.Equal(expected, repository.Publish("a", options).Remote);
    }

    [Fact]
    public void Sends_what_the_remote_has_lost_although_its_listing_is_there()
    {
        using var repository = new TestRepository();
        Age(repository.Write("images/foo", "foo"));
        Age(repository.Write("images/bar", "bar"));
        repository.Publish("images");
        using var store = new FolderStore(repository.Remote);
        File.Delete(store.PathOf(ObjectLayout.Current, new ObjectId(ContentHash.Of("foo"u8))));
        var again = repository.Publish("images");
        Assert.Equal((DatasetVersionOutcome.Published, 1L, 1L), (again.Outcome, again.SentCount, again.ReadCount));
        repository.RequireWholeRemote("images.dvc");
    }

    [Fact]
    public void Replaces_damaged_objects_when_it_verifies()
    {
        using var repository = new TestRepository();
        Age(repository.Write("images/foo", "foo"));
        Age(repository.Write("images/bar", "bar"));
        repository.Publish("images");
        using var store = new FolderStore(repository.Remote);
        string path = store.PathOf(ObjectLayout.Current, new ObjectId(ContentHash.Of("foo"u8)));
        File.Delete(path);
        File.WriteAllText(path, "fox");
        var found = repository.Publish("images", new PublishOptions { Paths = [], Verify = true });
        Assert.Equal((1L, 1L), (found.RepairedCount, found.SentCount));
        repository.RequireWholeRemote("images.dvc");
        Assert.Equal(0L, repository.Publish("images", new PublishOptions { Paths = [], Verify = true }).RepairedCount);

        // Too short: that is seen without reading it.
        File.Delete(path);
        File.WriteAllText(path, "fo");
        Assert.Equal(1L, repository.Publish("images").SentCount);
        repository.RequireWholeRemote("images.dvc");
    }

    [Fact]
    public void Does_not_make_a_smaller_version_when_it_verifies()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        repository.Write("images/bar", "bar");
        string dvc = repository.Publish("images").DvcPath, before = File.ReadAllText(dvc);
        File.Delete(repository["images", "foo"]);
        var verify = new PublishOptions { Paths = [], Verify = true };
        var e = Assert.Throws<DatasetVersionException>(() => repository.Publish("images", verify));
        Assert.Contains("lacks 1 of the 2 files", e.Message, StringComparison.Ordinal);
        Assert.Contains("'foo'", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(dvc));
        repository.Restore("images");
        Assert.Equal(DatasetVersionOutcome.Unchanged, repository.Publish("images", verify).Outcome);
    }

    [Fact]
    public void Adds_files_to_a_version_that_is_not_here()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        repository.Publish("images");
        repository.Forget("images");
        string added = Path.GetDirectoryName(repository.Write("new/images/bar", "bar"))!;
        var version = repository.Publish("images", new PublishOptions { Paths = [], AddPath = Path.GetDirectoryName(added) });
        Assert.Equal("5ea40360f5b4ec688df672a4db9c17d1.dir", version.Version);
        Assert.Equal((2L, 6L, 1L, 2L), (version.FileCount, version.Bytes, version.ReadCount, version.SentCount));
        Assert.False(Directory.Exists(repository["images"]));
        repository.RequireWholeRemote("images.dvc");

        File.WriteAllText(Path.Combine(added, "foo"), "other");
        var options = new PublishOptions { Paths = [], AddPath = added };
        var e = Assert.Throws<DatasetVersionException>(() => repository.Publish("images", options));
        Assert.Equal((DatasetVersionFault.FileInTheWay, Path.Combine(added, "foo")), (e.Fault, e.Target));
        Assert.Equal(8L, repository.Publish("images", options with { Force = true }).Bytes);
        File.Move(Path.Combine(added, "foo"), Path.Combine(added, "Foo2"));
        File.WriteAllText(Path.Combine(added, "FOO"), "other");
        Assert.Equal(DatasetVersionFault.Unusable, Assert.Throws<DatasetVersionException>(() => repository.Publish("images", options))
            .Fault);
    }

    [Fact]
    public void Adds_nothing_to_a_version_whose_files_are_lost()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        repository.Publish("images");
        repository.Forget("images");
        using var store = new FolderStore(repository.Remote);
        File.Delete(store.PathOf(ObjectLayout.Current, new ObjectId(ContentHash.Of("foo"u8))));
        string before = File.ReadAllText(repository["images.dvc"]);
        string added = Path.GetDirectoryName(repository.Write("new/bar", "bar"))!;
        var e = Assert.Throws<DatasetVersionException>(() =>
            repository.Publish("images", new PublishOptions { Paths = [], AddPath = added }));
        Assert.Equal(DatasetVersionFault.Incomplete, e.Fault);
        Assert.Contains("'foo'", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(repository["images.dvc"]));
    }

    [Fact]
    public void Leaves_out_what_dvcignore_names_and_refuses_one_inside()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        repository.Write("images/bar", "bar");
        repository.Write("images/x.tmp", "x");
        repository.Write("images/draft/y", "y");
        repository.Write(".dvcignore", "*.tmp\ndraft/\n");
        Assert.Equal("5ea40360f5b4ec688df672a4db9c17d1.dir", repository.Publish("images").Version);
        repository.Write("images/.dvcignore", "foo");
        Assert.Equal(DatasetVersionFault.Unusable, Assert.Throws<DatasetVersionException>(() => repository.Publish("images")).Fault);
    }

    [Fact]
    public void Writes_nothing_in_a_preview()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        var before = TestRepository.Contents(repository.Root);
        var version = repository.Publish("images", new PublishOptions { Paths = [], IsPreview = true });
        Assert.Equal((DatasetVersionOutcome.WouldPublish, 1L), (version.Outcome, version.SentCount));
        Assert.Equal(before, TestRepository.Contents(repository.Root));
        Assert.False(Directory.Exists(repository.Remote));
    }

    [Fact]
    public void Sends_nothing_of_an_output_that_is_not_pushed()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        repository.Write("images/bar", "bar");
        repository.Write("images.dvc", "outs:\n- path: images\n  push: false\n");
        var version = repository.Publish("images");
        Assert.Equal((null, 0L), (version.Remote, version.SentCount));
        Assert.False(Directory.Exists(repository.Remote));
        Assert.Contains("push: false", File.ReadAllText(repository["images.dvc"]), StringComparison.Ordinal);
        Assert.Equal("5ea40360f5b4ec688df672a4db9c17d1.dir", Assert.Single(DvcFile.Read(repository["images.dvc"]).Outputs).Id.ToString());
    }

    [Fact]
    public void Publishes_a_file_and_several_paths_at_once()
    {
        using var repository = new TestRepository();
        repository.Write("model.bin", "foo");
        repository.Write("data/masks/a", "a");
        var versions = repository.PublishAll(["model.bin", Path.Combine("data", "masks")]);
        Assert.Equal("acbd18db4cc2f85cedef654fccc4a4d8", versions[0].Version);
        Assert.Equal(
            "outs:\n- md5: acbd18db4cc2f85cedef654fccc4a4d8\n  size: 3\n  hash: md5\n  path: model.bin\n",
            File.ReadAllText(repository["model.bin.dvc"]));
        repository.RequireWholeRemote("model.bin.dvc");
        repository.RequireWholeRemote("data/masks.dvc");
    }

    [Fact]
    public void Publishes_a_file_that_is_too_large_for_memory_and_an_empty_folder()
    {
        using var repository = new TestRepository();
        string path = repository.Write("images/large", "");
        File.WriteAllBytes(path, new byte[ObjectFetcher.SmallBytes + 1]);
        Directory.CreateDirectory(repository["empty"]);
        repository.PublishAll(["images", "empty"]);
        repository.RequireWholeRemote("images.dvc");
        Assert.Equal("d751713988987e9331980363e24189ce.dir", Assert.Single(DvcFile.Read(repository["empty.dvc"]).Outputs).Id.ToString());
        repository.Forget("images");
        Assert.Equal(1L, repository.Restore("images").WrittenCount);
        Assert.Equal(ObjectFetcher.SmallBytes + 1, new FileInfo(path).Length);
    }

    [Fact(SkipUnless = nameof(Links.AreMade), SkipType = typeof(Links), Skip = "No links can be made here.")]
    public void Follows_links_to_files_and_refuses_links_to_folders()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        Links.File(repository["images", "bar"], repository.Write("bar", "bar"));
        Assert.Equal("5ea40360f5b4ec688df672a4db9c17d1.dir", repository.Publish("images").Version);
        Links.Folder(repository["images", "loop"], repository["images"]);
        Assert.Equal(DatasetVersionFault.Unusable, Assert.Throws<DatasetVersionException>(() => repository.Publish("images")).Fault);
    }

    [Fact]
    public void Never_writes_a_dvc_file_that_names_what_the_remote_does_not_have()
    {
        using var repository = new TestRepository();
        for (int i = 0; i < 12; i++) repository.Write($"images/{i}", $"content {i}");
        for (int failing = 0; ; failing++)
        {
            int writes = 0;
            try
            {
                repository.Publish("images", open: remote => new FailingStore(
                    new FolderStore(remote.Address), () => Interlocked.Increment(ref writes) > failing));
                break;
            }
            catch (DatasetVersionException e)
            {
                Assert.Equal(DatasetVersionFault.RemoteUnavailable, e.Fault);
                Assert.False(File.Exists(repository["images.dvc"]));
            }
        }

        repository.RequireWholeRemote("images.dvc");
    }

    /// <summary>Gives a file a time of some minutes ago, and then the time that its status changed is not the present either.</summary>
    internal static void Age(string path) => File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-5));
}
