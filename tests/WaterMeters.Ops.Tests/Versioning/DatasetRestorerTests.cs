using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Tests.Versioning;

public class DatasetRestorerTests
{
    [Fact]
    public void Restores_what_was_published()
    {
        using var repository = new TestRepository();
        repository.Write("data/images/a", "a");
        repository.Write("data/images/b/c d", "c");
        repository.Write("data/images/empty", "");
        repository.Write("data/images/copy of a", "a");
        var before = TestRepository.Contents(repository["data", "images"]);
        var version = repository.Publish("data/images");
        repository.Forget("data/images");
        var restored = repository.Restore("data/images");
        Assert.Equal((DatasetVersionOutcome.Restored, version.Version), (restored.Outcome, restored.Version));
        Assert.Equal((4L, 4L, 0L, 0L, 4L),
            (restored.FileCount, restored.WrittenCount, restored.RemovedCount, restored.KeptCount, restored.ReceivedCount));
        Assert.Equal(before, TestRepository.Contents(repository["data", "images"]));
        Assert.Equal(DatasetVersionOutcome.Unchanged, repository.Restore("data/images").Outcome);
        Assert.Equal(DatasetVersionOutcome.Unchanged, repository.Publish("data/images").Outcome);
    }

    [Fact]
    public void Touches_nothing_that_is_right()
    {
        using var repository = new TestRepository();
        string right = repository.Write("images/a", "a");
        string wrong = repository.Write("images/b", "b");
        repository.Publish("images");
        DatasetPublisherTests.Age(right);
        var time = File.GetLastWriteTimeUtc(right);
        File.Delete(wrong);
        var restored = repository.Restore("images");
        Assert.Equal((1L, 0L), (restored.WrittenCount, restored.ReceivedCount));
        Assert.Equal(time, File.GetLastWriteTimeUtc(right));
        Assert.Equal("b", File.ReadAllText(wrong));
    }

    [Fact]
    public void Removes_only_what_was_published()
    {
        using var repository = new TestRepository();
        repository.Write("images/a", "a");
        string first = repository.Publish("images").DvcPath;
        string text = File.ReadAllText(first);
        repository.Write("images/sub/b", "b");
        repository.Publish("images");
        File.WriteAllText(first, text);
        string own = repository.Write("images/own", "own");
        var restored = repository.Restore("images");
        Assert.Equal((0L, 1L, 1L), (restored.WrittenCount, restored.RemovedCount, restored.KeptCount));
        Assert.False(Directory.Exists(repository["images", "sub"]));
        Assert.True(File.Exists(own));
        var forced = repository.Restore("images", new RestoreOptions { Paths = [], Force = true });
        Assert.Equal((1L, 0L), (forced.RemovedCount, forced.KeptCount));
        Assert.False(File.Exists(own));
    }

    [Fact]
    public void Does_not_replace_a_file_that_was_never_published()
    {
        using var repository = new TestRepository();
        string file = repository.Write("images/a", "a");
        string other = repository.Write("images/b", "b");
        repository.Publish("images");
        File.WriteAllText(file, "mine");
        File.Delete(other);
        var e = Assert.Throws<DatasetVersionException>(() => repository.Restore("images"));
        Assert.Equal((DatasetVersionFault.FileInTheWay, file), (e.Fault, e.Target));
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.False(File.Exists(other));
        repository.Restore("images", new RestoreOptions { Paths = [], Force = true });
        Assert.Equal(("a", "b"), (File.ReadAllText(file), File.ReadAllText(other)));
    }

    [Fact]
    public void Puts_a_folder_in_place_of_a_file_and_a_file_in_place_of_a_folder()
    {
        using var repository = new TestRepository();
        repository.Write("images/a", "file");
        repository.Write("images/b/c/d", "folder");
        string dvc = repository.Publish("images").DvcPath, first = File.ReadAllText(dvc);
        Directory.Delete(repository["images"], recursive: true);
        repository.Write("images/a/x", "folder");
        repository.Write("images/b", "file");
        repository.Publish("images");
        string second = File.ReadAllText(dvc);

        File.WriteAllText(dvc, first);
        repository.Restore("images");
        Assert.Equal(["a", "b/c/d"], TestRepository.Contents(repository["images"]).Keys);
        File.WriteAllText(dvc, second);
        string own = repository.Write("images/b/c/own", "never published");
        var e = Assert.Throws<DatasetVersionException>(() => repository.Restore("images"));
        Assert.Equal((DatasetVersionFault.FileInTheWay, own), (e.Fault, e.Target));
        Assert.Equal(["a", "b/c/d", "b/c/own"], TestRepository.Contents(repository["images"]).Keys);
        repository.Restore("images", new RestoreOptions { Paths = [], Force = true });
        Assert.Equal(["a/x", "b"], TestRepository.Contents(repository["images"]).Keys);
        Assert.Equal(DatasetVersionOutcome.Unchanged, repository.Restore("images").Outcome);
    }

    [Fact(SkipUnless = nameof(SmallFileSystem.IsMountable), SkipType = typeof(SmallFileSystem),
        Skip = "This user cannot mount a small file system.")]
    public void Leaves_no_half_file_on_a_full_disk_and_continues_when_there_is_room()
    {
        using var repository = new TestRepository();
        SmallFileSystem.Mount(repository.Root);
        try
        {
            Directory.CreateDirectory(repository[".dvc"]);
            repository.Configure("[core]\n    remote = store\n['remote \"store\"']\n    url = ../../remote\n");
            for (int i = 0; i < 12; i++) repository.Write($"images/{i}", new string((char)('a' + i), 100_000));
            var before = TestRepository.Contents(repository["images"]);
            repository.Publish("images");
            repository.Forget("images");
            File.WriteAllBytes(repository["other"], new byte[3 << 20]);

            var e = Assert.Throws<DatasetVersionException>(() => repository.Restore("images"));
            Assert.Contains("No space left", e.Message, StringComparison.Ordinal);
            foreach (var (name, content) in TestRepository.Contents(repository["images"])) Assert.Equal(before[name], content);
            File.Delete(repository["other"]);
            repository.Restore("images");
            Assert.Equal(before, TestRepository.Contents(repository["images"]));
        }
        finally
        {
            SmallFileSystem.Unmount(repository.Root);
        }
    }

    [Fact]
    public void Names_files_that_the_remote_has_lost_and_restores_the_others()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        repository.Write("images/bar", "bar");
        repository.Publish("images");
        repository.Forget("images");
        using var store = new FolderStore(repository.Remote);
        File.Delete(store.PathOf(ObjectLayout.Current, new ObjectId(ContentHash.Of("foo"u8))));
        var e = Assert.Throws<DatasetVersionException>(() => repository.Restore("images"));
        Assert.Equal(DatasetVersionFault.Incomplete, e.Fault);
        Assert.Contains("1 of 2, such as 'foo' (acbd18db4cc2f85cedef654fccc4a4d8)", e.Message, StringComparison.Ordinal);
        Assert.Equal(["bar"], TestRepository.Contents(repository["images"]).Keys);
    }

    [Fact]
    public void Does_not_put_a_wrong_object_in_place()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        repository.Publish("images");
        using var store = new FolderStore(repository.Remote);
        string path = store.PathOf(ObjectLayout.Current, new ObjectId(ContentHash.Of("foo"u8)));
        repository.Forget("images");
        File.Delete(path);
        File.WriteAllText(path, "fox");
        var e = Assert.Throws<DatasetVersionException>(() => repository.Restore("images"));
        Assert.Equal((DatasetVersionFault.Incomplete, "acbd18db4cc2f85cedef654fccc4a4d8"), (e.Fault, e.Target));
        Assert.Empty(TestRepository.Contents(repository["images"]));
        Assert.DoesNotContain(TestRepository.Contents(repository[".dvc", "cache"]).Keys,
            name => name.Contains("bd18", StringComparison.Ordinal));
    }

    [Fact]
    public void Fetches_again_what_was_changed_in_the_cache()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        repository.Publish("images");
        using var cache = new FolderStore(repository[".dvc", "cache"]);
        string path = cache.PathOf(ObjectLayout.Current, new ObjectId(ContentHash.Of("foo"u8)));
        Directory.Delete(repository["images"], recursive: true);
        File.Delete(path);
        File.WriteAllText(path, "fox");
        Assert.Equal(1L, repository.Restore("images").ReceivedCount);
        Assert.Equal("foo", File.ReadAllText(repository["images", "foo"]));
        Assert.Equal("foo", File.ReadAllText(path));
    }

    [Fact]
    public void Writes_nothing_in_a_preview()
    {
        using var repository = new TestRepository();
        repository.Write("images/foo", "foo");
        repository.Publish("images");
        repository.Forget("images");
        var before = TestRepository.Contents(repository.Root);
        var restored = repository.Restore("images", new RestoreOptions { Paths = [], IsPreview = true });
        Assert.Equal((DatasetVersionOutcome.WouldRestore, 1L), (restored.Outcome, restored.WrittenCount));
        Assert.Equal(before, TestRepository.Contents(repository.Root));
    }

    [Fact]
    public void Neither_replaces_nor_rewrites_files_that_DVC_leaves_out()
    {
        using var repository = new TestRepository();
        string file = repository.Write("images/notes.txt", "published");
        repository.Publish("images");
        File.WriteAllText(repository[".dvcignore"], "notes.txt\n");
        Assert.Equal(DatasetVersionOutcome.Unchanged, repository.Restore("images").Outcome);
        File.WriteAllText(file, "my own");
        var e = Assert.Throws<DatasetVersionException>(() => repository.Restore("images"));
        Assert.Equal(DatasetVersionFault.FileInTheWay, e.Fault);
        Assert.Equal("my own", File.ReadAllText(file));
        Assert.Equal(1, repository.Restore("images", new RestoreOptions { Paths = [], Force = true }).WrittenCount);
        Assert.Equal("published", File.ReadAllText(file));
    }

    [Fact(SkipUnless = nameof(Links.AreMade), SkipType = typeof(Links), Skip = "No links can be made here.")]
    public void Replaces_links_into_a_cache_that_was_emptied()
    {
        using var repository = new TestRepository("[cache]\n    type = symlink\n");
        string file = repository.Write("images/a", "a");
        repository.Publish("images");
        File.Delete(file);
        repository.Restore("images");
        Directory.Delete(repository[".dvc", "cache"], recursive: true);
        Assert.Equal(1, repository.Restore("images").WrittenCount);
        Assert.Equal("a", File.ReadAllText(file));
    }

    [Fact]
    public void Restores_an_empty_folder()
    {
        using var repository = new TestRepository();
        Directory.CreateDirectory(repository["images"]);
        repository.Publish("images");
        repository.Forget("images");
        repository.Restore("images");
        Assert.True(Directory.Exists(repository["images"]));
    }

    [Theory(SkipWhen = nameof(WindowsSystem.IsWine), SkipType = typeof(WindowsSystem), Skip = "Wine makes no links.")]
    [InlineData("hardlink")]
    [InlineData("symlink")]
    public void Makes_links_only_if_the_configuration_says_so(string kind)
    {
        using var repository = new TestRepository($"[cache]\n    type = {kind}\n");
        string file = repository.Write("images/foo", "foo");
        repository.Publish("images");
        using var cache = new FolderStore(repository[".dvc", "cache"]);
        string source = cache.PathOf(ObjectLayout.Current, new ObjectId(ContentHash.Of("foo"u8)));
        File.Delete(file);
        repository.Restore("images");
        Assert.Equal("foo", File.ReadAllText(file));
        bool isSymbolic = new FileInfo(file).LinkTarget is not null;
        if (kind == "symlink" && Links.AreMade) Assert.Equal(source, new FileInfo(file).LinkTarget);
        else Assert.False(isSymbolic);
        if (kind == "hardlink") Assert.Equal(FileIdentity.Of(source), FileIdentity.Of(file));
        Assert.Equal(DatasetVersionOutcome.Unchanged, repository.Restore("images").Outcome);
        Assert.Equal(DatasetVersionOutcome.Unchanged, repository.Publish("images").Outcome);
    }

    [Fact]
    public void Compares_a_version_with_the_files_and_with_another_version()
    {
        using var repository = new TestRepository();
        repository.Write("data/images/a.jpg", "a");
        repository.Write("data/images/b.jpg", "b");
        repository.Write("data/images/c.txt", "c");
        repository.Publish("data/images");
        Assert.Empty(repository.Compare("data/images"));
        string old = repository["old.dvc"];
        File.Copy(repository["data", "images.dvc"], old);
        repository.Write("data/images/a.jpg", "aa");
        repository.Write("data/images/d.jpg", "d");
        File.Delete(repository["data", "images", "b.jpg"]);
        var changes = repository.Compare("data/images");
        Assert.Equal(
            [("a.jpg", DatasetChangeKind.Changed), ("b.jpg", DatasetChangeKind.Removed), ("d.jpg", DatasetChangeKind.Added)],
            changes.Select(change => (change.Name, change.Change)));
        Assert.All(changes, change => Assert.NotNull(change.Split));
        Assert.Equal((null, ContentHash.Of("b"u8).ToString()), (changes[1].Hash, changes[1].PreviousHash));
        repository.Publish("data/images");
        Assert.Empty(repository.Compare("data/images"));
        Assert.Equal(changes, repository.Compare("data/images", from: old));
    }
}
