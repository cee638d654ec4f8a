using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Tests.Versioning.Repositories;

public class DvcConfigTests
{
    [Fact]
    public void Reads_remotes_relative_to_the_configuration()
    {
        using var repository = new TestRepository();
        repository.Configure("""
            # settings
            [core]
                remote = Store ; not a comment for DVC
            ['remote "store"']
                url = "../../remote"
            [remote "cloud"]
                url = s3://bucket/some/prefix/
                endpointurl = http://127.0.0.1:9000  # a comment
                profile = water
                region = eu-west-1
            """.Replace(" ; not a comment for DVC", "", StringComparison.Ordinal));
        var config = repository.Read().Config;
        var store = RemoteSettings.Read(config, null);
        Assert.Equal((repository.Remote, false), (store.Address, store.IsS3));
        var cloud = RemoteSettings.Read(config, "cloud");
        Assert.Equal(("s3://bucket/some/prefix", "water", "eu-west-1"), (cloud.Address, cloud.Profile, cloud.Region));
        Assert.Equal(new Uri("http://127.0.0.1:9000"), cloud.Endpoint);
    }

    [Fact]
    public void Prefers_the_local_configuration()
    {
        using var repository = new TestRepository();
        File.WriteAllText(repository[".dvc", "config.local"], "['remote \"store\"']\n    url = other\n[cache]\n    dir = ../shared\n    "
            + "type = symlink,copy\n");
        var read = repository.Read();
        Assert.Equal(repository[".dvc", "other"], RemoteSettings.Read(read.Config, null).Address);
        Assert.Equal(repository["shared"], read.CacheFolder);
        Assert.Equal([LinkKind.Symlink, LinkKind.Copy], read.LinkKinds);
    }

    [Theory]
    [InlineData("[core]\n    remote = store\n['remote \"store\"']\n    url = s3://b\n    version_aware = true\n", "version_aware")]
    [InlineData("[core]\n    remote = store\n['remote \"store\"']\n    url = s3://b\n    worktree = true\n", "worktree")]
    [InlineData("[core]\n    remote = other\n['remote \"store\"']\n    url = x\n", "Its remotes: store")]
    [InlineData("[core]\n", "names no remote")]
    [InlineData("['remote \"store\"']\n    url = gs://bucket\n", "neither a folder nor in S3")]
    [InlineData("['remote \"store\"']\n    url = s3://\n", "names no bucket")]
    [InlineData("['remote \"store\"']\n    url = s3://b\n    endpointurl = nowhere\n", "endpointurl")]
    [InlineData("['remote \"store\"']\n    url =\n", "is empty")]
    [InlineData("['remote \"store\"']\n    url = file://\n", "names no folder")]
    [InlineData("url = x\n", "line 1")]
    [InlineData("[cache]\n    type = magic\n['remote \"store\"']\n    url = x\n", "cache.type")]
    [InlineData("[cache]\n    shared = all\n['remote \"store\"']\n    url = x\n", "cache.shared")]
    public void Names_the_setting_that_cannot_be_used(string text, string named)
    {
        using var repository = new TestRepository();
        repository.Configure(text);
        var e = Assert.Throws<DatasetVersionException>(() => RemoteSettings.Read(repository.Read().Config, null));
        Assert.Equal(DatasetVersionFault.Unusable, e.Fault);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Theory(SkipUnless = nameof(IsOfUnix), Skip = "Windows has such paths.")]
    [InlineData("C:\\store")]
    [InlineData("\\\\server\\store")]
    public void Takes_no_path_of_Windows_for_a_name_on_other_systems(string url)
    {
        using var repository = new TestRepository();
        repository.Configure($"['remote \"store\"']\n    url = {url}\n");
        var e = Assert.Throws<DatasetVersionException>(() => RemoteSettings.Read(repository.Read().Config, null));
        Assert.Contains("config.local", e.Message, StringComparison.Ordinal);
    }

    public static bool IsOfUnix => !OperatingSystem.IsWindows();

    [Fact]
    public void Says_that_there_is_no_repository()
    {
        using var temp = new TempFolder();
        Assert.Equal(DatasetVersionFault.NotFound, Assert.Throws<DatasetVersionException>(() => DvcRepository.Find(temp.Path)).Fault);
    }
}
