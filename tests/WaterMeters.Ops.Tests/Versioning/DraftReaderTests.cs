using WaterMeters.Ops.Versioning;

namespace WaterMeters.Ops.Tests.Versioning;

public class DraftReaderTests
{
    [Fact(SkipUnless = nameof(OperatingSystemIsLinux), Skip = "Two names that differ only in case are one elsewhere.")]
    public void Adds_to_a_version_with_names_that_differ_only_in_case()
    {
        using var repository = new TestRepository();
        repository.Write("images/a", "1");
        repository.Write("images/A", "2");
        repository.Publish("images");
        repository.Write("new/b", "3");
        Assert.Equal(3, repository.Publish("images", Add(repository)).FileCount);
        repository.Write("new/B", "4");
        var e = Assert.Throws<DatasetVersionException>(() => repository.Publish("images", Add(repository)));
        Assert.Contains("differ only in case", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adds_no_file_in_the_place_of_a_folder()
    {
        using var repository = new TestRepository();
        repository.Write("images/a/b", "1");
        repository.Publish("images");
        repository.Write("new/a", "2");
        var e = Assert.Throws<DatasetVersionException>(() => repository.Publish("images", Add(repository)));
        Assert.Contains("a file and a folder", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adds_nothing_that_DVC_leaves_out_of_the_folder()
    {
        using var repository = new TestRepository();
        repository.Write("images/a", "1");
        repository.Publish("images");
        repository.Write("new/b", "2");
        repository.Write("new/Thumbs.db", "3");
        File.WriteAllText(repository[".dvcignore"], "/images/Thumbs.db\n");
        Assert.Equal(2, repository.Publish("images", Add(repository)).FileCount);
    }

    [Fact(SkipUnless = nameof(OperatingSystemIsLinux), Skip = "Windows has no such names.")]
    public void Publishes_no_name_that_cannot_be_restored_and_warns_of_those_that_Windows_cannot()
    {
        using var repository = new TestRepository();
        string wrong = repository.Write("images/C:x.jpg", "1");
        var e = Assert.Throws<DatasetVersionException>(() => repository.Publish("images"));
        Assert.Contains("cannot be published", e.Message, StringComparison.Ordinal);
        File.Delete(wrong);
        repository.Write("images/aux.jpg", "1");
        Assert.Contains("'aux.jpg'", Assert.Single(Warnings(repository, "images")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Warns_before_a_version_of_someone_else_is_undone(bool inAnotherClone)
    {
        using var repository = new TestRepository();
        DatasetPublisherTests.Age(repository.Write("images/a", "1"));
        DatasetPublisherTests.Age(repository.Write("images/c", "1"));
        repository.Publish("images");
        repository.Write("new/b", "2");
        repository.Publish("images", Add(repository));
        if (inAnotherClone) Directory.Delete(repository[".dvc", "cache"], recursive: true);
        Assert.Contains("this machine: 1, such as 'b'", Assert.Single(Warnings(repository, "images")), StringComparison.Ordinal);
        Assert.Empty(Warnings(repository, "images"));
        File.Delete(repository["images", "c"]);
        Assert.Empty(Warnings(repository, "images"));
    }

    [Fact]
    public void Warns_of_a_DVC_file_that_git_ignores()
    {
        using var repository = new TestRepository();
        repository.Write("data/images/a", "1");
        File.WriteAllText(repository[".gitignore"], "data/\n[z-a]\n");
        Assert.Contains("git ignores", Assert.Single(Warnings(repository, "data/images")), StringComparison.Ordinal);
    }

    public static bool OperatingSystemIsLinux => OperatingSystem.IsLinux();

    private static PublishOptions Add(TestRepository repository) => new() { Paths = [], AddPath = repository["new"] };

    private static List<string> Warnings(TestRepository repository, string path)
    {
        var warnings = new List<string>();
        new DatasetPublisher(new PublishOptions { Paths = [Path.GetFullPath(repository[path])] }) { Warn = warnings.Add }
            .Publish(TestContext.Current.CancellationToken);
        return warnings;
    }
}
