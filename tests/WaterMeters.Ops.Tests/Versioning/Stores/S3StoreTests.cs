using WaterMeters.Ops.Tests.Http;
using WaterMeters.Ops.Tests.Tracking.Artifacts;
using WaterMeters.Ops.Versioning;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Tests.Versioning.Stores;

public class S3StoreTests
{
    private static readonly S3Options Quick = new() { RetryDelay = TimeSpan.FromMilliseconds(1), Retries = 3 };

    [Fact(SkipWhen = nameof(WindowsSystem.IsWine), SkipType = typeof(WindowsSystem), Skip = "Wine has no Node.js.")]
    public void Publishes_to_S3_and_restores_from_it()
    {
        using var server = new S3Server();
        using var repository = new TestRepository();
        repository.Configure($"[core]\n    remote = cloud\n['remote \"cloud\"']\n    url = s3://{S3Server.Bucket}/dvc\n    endpointurl = "
            + $"{server.Endpoint}\n");
        for (int i = 0; i < 40; i++) DatasetPublisherTests.Age(repository.Write($"data/images/photo {i} ä.jpg", $"content {i}"));
        if (ProcessMemory.Full) CopyRealPairs(repository["data", "images"]);
        int files = Directory.GetFiles(repository["data", "images"], "*", SearchOption.AllDirectories).Length + 1;
        File.WriteAllBytes(repository["data", "images", "large"], [.. Enumerable.Range(0, 6 << 20).Select(i => (byte)(i * 31 >> 3))]);
        DatasetPublisherTests.Age(repository["data", "images", "large"]);
        Func<RemoteSettings, IObjectStore> open = remote => new S3Store(remote, Quick with { PartBytes = 5 << 20 });
        var before = TestRepository.Contents(repository["data", "images"]);
        var version = repository.Publish("data/images", open: open);
        Assert.Equal((files + 1L, $"s3://{S3Server.Bucket}/dvc"), (version.SentCount, version.RemoteAddress));
        Assert.Equal(0L, repository.Publish("data/images", open: open).SentCount);

        repository.Forget("data/images");
        var restored = repository.Restore("data/images", open: open);
        Assert.Equal((files, files + 1L), (restored.WrittenCount, restored.ReceivedCount));
        Assert.Equal(before, TestRepository.Contents(repository["data", "images"]));
        Assert.Equal(0L, repository.Publish("data/images", new PublishOptions { Paths = [], Verify = true }, open).RepairedCount);
        TestContext.Current.TestOutputHelper!.WriteLine($"figure: {files} files published to S3, deleted and restored, all equal");
    }

    [Fact]
    public void Needs_list_pages_and_no_request_a_file_the_second_time()
    {
        var (files, mostRequests) = ProcessMemory.Full ? (20_000, 33) : (2_500, 4);
        using var server = new MemoryS3();
        using var repository = new TestRepository();
        for (int i = 0; i < files; i++) repository.Write($"images/{i}", $"content {i}");
        repository.Publish("images");
        foreach (string file in Directory.EnumerateFiles(repository.Remote, "*", SearchOption.AllDirectories))
        {
            server.Objects["dvc/" + Path.GetRelativePath(repository.Remote, file)
                .Replace(Path.DirectorySeparatorChar, '/')] = File.ReadAllBytes(file);
        }

        repository.Configure(server.Config);
        Assert.Equal(DatasetVersionOutcome.Unchanged, repository.Publish("images").Outcome);
        Assert.InRange(server.Requests.Count, 1, mostRequests);
        Assert.DoesNotContain(server.Requests, request => request.Method is "PUT");
        TestContext.Current.TestOutputHelper!.WriteLine($"figure: second publication of {files} files: {server.Requests.Count} requests");
    }

    [Fact]
    public void Repeats_what_fails_for_a_moment_and_continues_downloads_that_are_cut()
    {
        using var server = new MemoryS3();
        using var repository = new TestRepository();
        repository.Configure(server.Config);
        for (int i = 0; i < 20; i++) repository.Write($"images/{i}", new string((char)('a' + i), 5000));
        int requests = 0;
        server.Fault = request => (requests++ % 3, request.Method) switch
        {
            (0, _) => MemoryS3.Error(503, "SlowDown"),
            (1, "PUT") => FakeResponse.Lost,
            _ => null,
        };
        Func<RemoteSettings, IObjectStore> open = remote => new S3Store(remote, Quick with { Retries = 30, Parallelism = 1 });
        var before = TestRepository.Contents(repository["images"]);
        Assert.Equal(21L, repository.Publish("images", open: open).SentCount);
        repository.Forget("images");

        var cut = new HashSet<string>(StringComparer.Ordinal);
        server.Fault = request => request.Method == "GET" && request.Header("Range").Length == 0 && cut.Add(request.Path)
            && server.Objects.TryGetValue(Uri.UnescapeDataString(request.Path)[(MemoryS3.Bucket.Length + 2)..], out byte[]? content)
                ? new FakeResponse(200, content) { Cut = content.Length / 2 }
                : null;
        repository.Restore("images", open: open);
        Assert.Equal(before, TestRepository.Contents(repository["images"]));
        Assert.Contains(server.Requests, request => request.Header("Range").Length > 0);
    }

    [Fact]
    public void Writes_no_dvc_file_when_the_service_fails_for_long()
    {
        using var server = new MemoryS3();
        using var repository = new TestRepository();
        repository.Configure(server.Config);
        for (int i = 0; i < 10; i++) repository.Write($"images/{i}", $"content {i}");
        Func<RemoteSettings, IObjectStore> open = remote => new S3Store(remote, Quick);
        server.Fault = request => request.Method == "PUT" && server.Objects.Count >= 5 ? MemoryS3.Error(500, "InternalError") : null;
        var e = Assert.Throws<DatasetVersionException>(() => repository.Publish("images", open: open));
        Assert.Equal((DatasetVersionFault.RemoteUnavailable, "cloud"), (e.Fault, e.Target));
        Assert.False(File.Exists(repository["images.dvc"]));
        server.Fault = _ => null;
        Assert.Equal(6L, repository.Publish("images", open: open).SentCount);
    }

    [Theory]
    [InlineData(403, "AccessDenied", DatasetVersionFault.AccessDenied, "access_key_id")]
    [InlineData(403, "InvalidAccessKeyId", DatasetVersionFault.AccessDenied, "access_key_id")]
    [InlineData(404, "NoSuchBucket", DatasetVersionFault.RemoteUnavailable, "url")]
    [InlineData(400, "ExpiredToken", DatasetVersionFault.AccessDenied, "expired")]
    [InlineData(301, "PermanentRedirect", DatasetVersionFault.RemoteUnavailable, "region")]
    public void Names_the_setting_that_is_wrong(int status, string code, DatasetVersionFault fault, string named)
    {
        using var server = new MemoryS3 { Fault = _ => MemoryS3.Error(status, code) };
        using var repository = new TestRepository();
        repository.Configure(server.Config);
        repository.Write("images/a", "a");
        var e = Assert.Throws<DatasetVersionException>(() => repository.Publish("images", open: remote => new S3Store(remote, Quick)));
        Assert.Equal((fault, "cloud"), (e.Fault, e.Target));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_a_profile_does_not_exist_and_that_nothing_answers()
    {
        Uri closed;
        using (var server = new MemoryS3()) closed = server.Endpoint;
        using var repository = new TestRepository();
        repository.Write("images/a", "a");
        repository.Configure($"['remote \"cloud\"']\n    url = s3://b\n    endpointurl = {closed}\n    profile = nobody\n    "
            + "credentialpath = none\n");
        var e = Assert.Throws<DatasetVersionException>(() => repository.Publish("images", open: remote => new S3Store(remote, Quick)));
        Assert.Equal(DatasetVersionFault.AccessDenied, e.Fault);
        Assert.Contains("'nobody'", e.Message, StringComparison.Ordinal);
        repository.Configure($"['remote \"cloud\"']\n    url = s3://b\n    endpointurl = {closed}\n    access_key_id = a\n    "
            + "secret_access_key = b\n");
        e = Assert.Throws<DatasetVersionException>(() => repository.Publish("images", open: remote => new S3Store(remote, Quick)));
        Assert.Equal(DatasetVersionFault.RemoteUnavailable, e.Fault);
        Assert.Contains("endpointurl", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_new_credentials_when_the_old_ones_expire_in_the_middle()
    {
        using var server = new MemoryS3();
        using var repository = new TestRepository();
        string credentials = repository.Write("credentials", "[default]\naws_access_key_id = OLD\naws_secret_access_key = x\n");
        repository.Configure($"['remote \"cloud\"']\n    url = s3://{MemoryS3.Bucket}/dvc\n    endpointurl = {server.Endpoint}\n    "
            + "profile = default\n"
            + "    credentialpath = ../credentials\n");
        for (int i = 0; i < 10; i++) repository.Write($"images/{i}", $"content {i}");
        server.Fault = request =>
        {
            if (server.Objects.Count < 4 || !request.Header("Authorization").Contains("OLD", StringComparison.Ordinal)) return null;
            // Two requests are refused at once: the file is replaced as a whole, or the first would find it empty for a moment.
            string renewed = repository.Write($"credentials-{Guid.NewGuid():N}",
                "[default]\naws_access_key_id = NEW\naws_secret_access_key = x\n");
            File.Move(renewed, credentials, overwrite: true);
            return MemoryS3.Error(400, "ExpiredToken");
        };
        Assert.Equal(11L, repository.Publish("images", open: remote => new S3Store(remote, Quick with { Parallelism = 2 })).SentCount);
        Assert.Equal(11, server.Objects.Count);
    }

    [Fact]
    public void Works_with_a_service_that_does_not_know_conditions()
    {
        using var server = new MemoryS3();
        server.Fault = request => request.Header("If-None-Match").Length > 0 ? MemoryS3.Error(501, "NotImplemented") : null;
        using var repository = new TestRepository();
        repository.Configure(server.Config);
        repository.Write("images/a", "a");
        Assert.Equal(2L, repository.Publish("images", open: remote => new S3Store(remote, Quick)).SentCount);
        var id = new ObjectId(ContentHash.Of("a"u8));
        Assert.True(server.Objects.ContainsKey("dvc/" + ObjectLayout.Current.PathOf(id)));
    }

    private static void CopyRealPairs(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(SharedFolder.Meters, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(SharedFolder.Meters, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            DatasetPublisherTests.Age(target);
        }
    }
}
