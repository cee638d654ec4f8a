using System.Diagnostics;
using WaterMeters.Ops.Versioning;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Tests.Versioning;

/// <summary>Repositories that DVC 3.67 and 2.58 made: two versions each.</summary>
public class GoldenRepositoryTests
{
    private static readonly string[] Names = [Path.Combine("data", "images"), Path.Combine("data", "masks"), "model.bin"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const string NoGit = "git is not installed.";

    public static bool HasGit { get; } = GitStarts();

    [Theory(SkipUnless = nameof(HasGit), Skip = NoGit)]
    [InlineData("dvc3", "one")]
    [InlineData("dvc3", "two")]
    [InlineData("dvc2", "one")]
    [InlineData("dvc2", "two")]
    public void Restores_what_DVC_published_and_publishes_it_unchanged(string kind, string tag)
    {
        using var temp = new TempFolder();
        string root = Clone(temp, kind, tag);
        string[] paths = [.. Names.Select(name => Path.Combine(root, name))];
        var restored = new DatasetRestorer(new RestoreOptions { Paths = paths }).Restore(Stop);
        Assert.All(restored, one => Assert.Equal((one.FileCount, DatasetVersionOutcome.Restored), (one.WrittenCount, one.Outcome)));
        var outputs = paths.Select(path => DvcFile.Read(path + ".dvc").Outputs.Single()).ToArray();
        Assert.Equal(outputs.Select(output => output.Files ?? 1), restored.Select(one => one.FileCount));
        Assert.Equal(outputs.Select(output => output.Size), paths.Select(SizeOf));

        string remote = temp["remote-" + kind];
        var before = TestRepository.Contents(remote);
        var published = new DatasetPublisher(new PublishOptions { Paths = paths }).Publish(Stop);
        Assert.All(published, one => Assert.Equal((DatasetVersionOutcome.Unchanged, 0L), (one.Outcome, one.SentCount)));
        Assert.Equal("", Git(root, "status", "--porcelain"));
        Assert.Equal(before, TestRepository.Contents(remote));
        Assert.All(new DatasetRestorer(new RestoreOptions { Paths = paths }).Restore(Stop),
            one => Assert.Equal(DatasetVersionOutcome.Unchanged, one.Outcome));
    }

    [Theory(SkipUnless = nameof(HasGit), Skip = NoGit)]
    [InlineData("dvc3")]
    [InlineData("dvc2")]
    public void Publishes_a_change_byte_by_byte_as_DVC_3_does(string kind)
    {
        using var temp = new TempFolder();
        string root = Clone(temp, kind, "one"), other = Clone(temp, "dvc3", "two", "other");
        string[] paths = [.. Names.Select(name => Path.Combine(root, name))], wanted = [.. Names.Select(name => Path.Combine(other, name))];
        new DatasetRestorer(new RestoreOptions { Paths = paths }).Restore(Stop);
        new DatasetRestorer(new RestoreOptions { Paths = wanted }).Restore(Stop);

        // The files of the second version, put in place by hand; the objects that DVC sent for it are taken out of the remote.
        foreach (string name in Names[..2])
        {
            Directory.Delete(Path.Combine(root, name), recursive: true);
            CopyFolder(Path.Combine(other, name), Path.Combine(root, name));
        }

        string remote = temp["remote-" + kind];
        var golden = TestRepository.Contents(Path.Combine(SharedFolder.Golden("dvc"), "remote-dvc3"));
        if (kind == "dvc3") Directory.Delete(remote, recursive: true);
        var published = new DatasetPublisher(new PublishOptions { Paths = paths }).Publish(Stop);
        Assert.Equal(kind == "dvc3" ? 3 : 2, published.Count(one => one.Outcome == DatasetVersionOutcome.Published));
        foreach (string name in Names[..2])
        {
            Assert.Equal(File.ReadAllText(Path.Combine(other, name + ".dvc")), File.ReadAllText(Path.Combine(root, name + ".dvc")));
        }

        var written = TestRepository.Contents(remote).Where(file => file.Key.StartsWith("files/", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(written);
        foreach (var (name, content) in written) Assert.Equal(golden[name], content);
        Assert.All(published, one => Assert.True(ObjectId.TryParse(one.Version, out _)));
    }

    [Fact(SkipUnless = nameof(HasGit), Skip = NoGit)]
    public void Restores_the_version_of_a_tag_and_compares_tags()
    {
        using var temp = new TempFolder();
        string root = Clone(temp, "dvc3", "two"), images = Path.Combine(root, Names[0]);
        var restored = Assert.Single(new DatasetRestorer(new RestoreOptions { Paths = [images], Revision = "one" }).Restore(Stop));
        Assert.Equal(("5b2e19c40075fd0f8ca15261809cda3f.dir", 26L), (restored.Version, restored.FileCount));
        var changes = new DatasetComparer(new CompareOptions { Paths = [images], From = "one", To = "two" }).Compare(Stop).ToArray();
        Assert.Equal(5,
            changes.Count(c => c.Change == DatasetChangeKind.Added) - changes.Count(c => c.Change == DatasetChangeKind.Removed));
        Assert.Equal(DatasetVersionFault.NotFound, Assert.Throws<DatasetVersionException>(() =>
            new DatasetComparer(new CompareOptions { Paths = [images], From = "none" }).Compare(Stop).ToArray()).Fault);
    }

    private static string Clone(TempFolder temp, string kind, string tag, string name = "repo")
    {
        string golden = SharedFolder.Golden("dvc"), remote = temp["remote-" + kind];
        if (!Directory.Exists(remote)) CopyFolder(Path.Combine(golden, "remote-" + kind), remote);
        Git(temp.Path, "clone", "--quiet", "-c", "core.autocrlf=false", Path.Combine(golden, $"repo-{kind}.bundle"), name);
        Git(temp[name], "checkout", "--quiet", tag);
        return temp[name];
    }

    private static long? SizeOf(string path) => File.Exists(path)
        ? new FileInfo(path).Length
        : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }
    }

    private static bool GitStarts()
    {
        try
        {
            Git(Path.GetTempPath(), "--version");
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string Git(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output;
    }
}
