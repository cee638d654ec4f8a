using WaterMeters.Ops.Versioning;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Tests.Versioning;

/// <summary>A clone comes from others: its .dvc files and links may lead anywhere.</summary>
public class VersionTargetsTests
{
    private const string NoLinks = "No links can be made here.";

    [Theory]
    [InlineData("../outside", "", "not in the repository")]
    [InlineData("hooks", "wdir: .git\n", "'.git'")]
    [InlineData(".GIT/hooks", "", "'.GIT'")]
    [InlineData(".dvc/tmp", "", "'.dvc'")]
    [InlineData(".", "", "the repository itself")]
    public void Refuses_a_DVC_file_that_names_what_is_not_data(string path, string before, string named)
    {
        using var repository = new TestRepository();
        ObjectId id = Foreign(repository, "authorized_keys");
        File.WriteAllText(repository["x.dvc"], $"{before}outs:\n- md5: {id}\n  hash: md5\n  path: {path}\n");
        var e = Assert.Throws<DatasetVersionException>(() => repository.Restore("x.dvc"));
        Assert.Equal(DatasetVersionFault.Unusable, e.Fault);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Assert.Throws<DatasetVersionException>(() => repository.Publish("x.dvc"));
        Assert.False(Directory.Exists(repository["..", "outside"]) || Directory.Exists(repository[".git"]));
    }

    [Theory(SkipUnless = nameof(Links.AreMade), SkipType = typeof(Links), Skip = NoLinks)]
    [InlineData("images", "a")]
    [InlineData("images/sub", "sub/a")]
    public void Writes_through_no_link_to_a_folder(string link, string file)
    {
        using var repository = new TestRepository();
        string outside = Directory.CreateDirectory(repository["..", "outside"]).FullName;
        Directory.CreateDirectory(Path.GetDirectoryName(repository[link])!);
        Directory.CreateSymbolicLink(repository[link], outside);
        File.WriteAllText(repository[".dvcignore"], "images/sub\n"); // which would hide the link
        File.WriteAllText(repository["images.dvc"], $"outs:\n- md5: {Foreign(repository, file)}\n  hash: md5\n  path: images\n");
        var e = Assert.Throws<DatasetVersionException>(() => repository.Restore("images"));
        Assert.Equal(DatasetVersionFault.Unusable, e.Fault);
        Assert.Contains("is a link", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(outside));
    }

    [Theory]
    [InlineData(".", "the repository itself")]
    [InlineData(".dvc", "belongs to another program")]
    [InlineData("images/a.jpg", "published as a whole")]
    [InlineData("data", "published on their own")]
    public void Publishes_no_folder_that_is_not_data_or_has_two_versions(string path, string named)
    {
        using var repository = new TestRepository();
        repository.Write("images/a.jpg", "a");
        repository.Write("data/images/a.jpg", "a");
        repository.PublishAll(["images", "data/images"]);
        var e = Assert.Throws<DatasetVersionException>(() => repository.Publish(path));
        Assert.Equal(DatasetVersionFault.Unusable, e.Fault);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(repository.Root + ".dvc"));
    }

    [Theory]
    [InlineData("['remote \"inner\"']\n    url = ../images/store\n", "inner")]
    [InlineData("[cache]\n    dir = ../images/cache\n", "store")]
    public void Publishes_no_folder_with_the_remote_or_the_cache_in_it(string config, string remote)
    {
        using var repository = new TestRepository(config);
        repository.Write("images/a.jpg", "a");
        var e = Assert.Throws<DatasetVersionException>(
            () => repository.Publish("images", new PublishOptions { Paths = [], Remote = remote }));
        Assert.Equal(DatasetVersionFault.Unusable, e.Fault);
        Assert.Single(Directory.GetFileSystemEntries(repository["images"]));
    }

    [Fact]
    public void Takes_a_folder_and_its_DVC_file_for_one()
    {
        using var repository = new TestRepository();
        repository.Write("images/a", "a");
        repository.Publish("images");
        Assert.Single(repository.PublishAll(["images", "images.dvc"]));
    }

    [Fact]
    public void Writes_all_outputs_of_one_DVC_file()
    {
        using var repository = new TestRepository();
        repository.Write("images/a", "a");
        repository.Write("masks/a", "b");
        File.WriteAllText(repository["both.dvc"], "# two\nouts:\n- path: images\n- path: masks\n");
        string?[] versions = [.. repository.PublishAll(["both.dvc"]).Select(version => version.Version)];
        Assert.Equal(versions, DvcFile.Read(repository["both.dvc"]).Outputs.Select(output => output.Id.ToString()));
        repository.RequireWholeRemote("both.dvc");
        Assert.StartsWith("# two\n", File.ReadAllText(repository["both.dvc"]), StringComparison.Ordinal);
    }

    /// <summary>Puts a version with one file into the remote, and returns its object.</summary>
    private static ObjectId Foreign(TestRepository repository, string name)
    {
        var stop = TestContext.Current.CancellationToken;
        using var store = new FolderStore(repository.Remote);
        var file = new ObjectId(ContentHash.Of("x"u8));
        store.Write(ObjectLayout.Current, file, "x"u8.ToArray(), replace: false, stop);
        byte[] listing = new FolderListing([new(name, file.Hash)]).ToBytes();
        var id = new ObjectId(ContentHash.Of(listing), IsListing: true);
        store.Write(ObjectLayout.Current, id, listing, replace: false, stop);
        return id;
    }
}
