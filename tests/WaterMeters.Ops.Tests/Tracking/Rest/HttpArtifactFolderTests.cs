using System.Globalization;
using System.Security.Cryptography;
using WaterMeters.Ops.Tests.Http;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Rest;

namespace WaterMeters.Ops.Tests.Tracking.Rest;

/// <summary>Downloads from a server that cuts, with and without Content-Length: the whole file or none.</summary>
public class HttpArtifactFolderTests
{
    private const string Token = "secret-token-4711";

    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(300_000);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Continues_a_download_that_was_cut(bool withLength, bool ranges)
    {
        using var temp = new TempFolder();
        int downloads = 0;
        using var server = Serve(range =>
        {
            int from = ranges && range.Length > 0 ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
            return new FakeResponse(from > 0 ? 206 : 200, Bytes[from..])
            {
                Headers = from > 0 ? $"Content-Range: bytes {from}-{Bytes.Length - 1}/{Bytes.Length}\r\n" : "",
                WithoutLength = !withLength,
                Cut = downloads++ < 2 ? 100_000 : null,
            };
        });
        Download(server, temp["model"], retries: 3);
        Assert.Equal(Bytes, File.ReadAllBytes(temp["model"]));
        string[] expected = ranges ? ["", "bytes=100000-", "bytes=200000-"] : ["", "bytes=100000-", "bytes=100000-"];
        Assert.Equal(expected, server.Requests.Where(IsDownload).Select(request => request.Header("Range")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Leaves_the_old_file_when_a_download_is_always_cut(bool withLength)
    {
        using var temp = new TempFolder();
        File.WriteAllText(temp["model"], "old");
        using var server = Serve(_ => new FakeResponse(200, Bytes) { Cut = 1000, WithoutLength = !withLength });
        var e = Assert.Throws<TrackingException>(() => Download(server, temp["model"], retries: 2));
        Assert.Equal((TrackingFault.Unreachable, "data/model.onnx"), (e.Fault, e.Target));
        Assert.Contains("interrupted", e.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(temp["model"]));
        Assert.Equal([temp["model"]], Directory.GetFiles(temp.Path));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)]
    public void Downloads_again_what_a_busy_server_refused(int status)
    {
        using var temp = new TempFolder();
        int downloads = 0;
        using var server = Serve(_ => downloads++ < 2
            ? new FakeResponse(status, []) { Headers = "Retry-After: 0\r\n" }
            : new FakeResponse(200, Bytes));
        Download(server, temp["model"], retries: 3);
        Assert.Equal(Bytes, File.ReadAllBytes(temp["model"]));
        Assert.Equal(3, downloads);
    }

    [Fact]
    public void Continues_a_download_that_went_silent()
    {
        using var temp = new TempFolder();
        int downloads = 0;
        using var server = Serve(range => downloads++ == 0
            ? new FakeResponse(200, Bytes) { Cut = 100_000, ThenSilent = true }
            : new FakeResponse(206, Bytes[100_000..])
            {
                Headers = $"Content-Range: bytes 100000-{Bytes.Length - 1}/{Bytes.Length}\r\n",
            });
        Download(server, temp["model"], retries: 3, timeout: TimeSpan.FromSeconds(0.5));
        Assert.Equal(Bytes, File.ReadAllBytes(temp["model"]));
        Assert.Equal(["", "bytes=100000-"], server.Requests.Where(IsDownload).Select(request => request.Header("Range")));
    }

    [Fact]
    public void Keeps_the_token_from_the_host_that_a_download_is_sent_to()
    {
        using var temp = new TempFolder();
        int downloads = 0;
        using var other = new FakeServer(_ => new FakeResponse(200, Bytes) { Cut = downloads++ == 0 ? 1000 : null });
        var elsewhere = new UriBuilder(other.Address) { Host = "localhost", Path = "/bucket/model.onnx", Query = "signature=x" }.Uri;
        using var server = Serve(_ => new FakeResponse(302, []) { Headers = $"Location: {elsewhere}\r\n" });
        Download(server, temp["model"], retries: 3);
        Assert.Equal(Bytes, File.ReadAllBytes(temp["model"]));
        Assert.All(server.Requests, request => Assert.Equal(("Bearer " + Token, "team"), Identity(request)));
        Assert.Equal(2, other.Requests.Count); // each part is asked for at our server, whose links may be valid for a short time only
        Assert.All(other.Requests, request => Assert.Equal(("", ""), Identity(request)));

        static (string, string) Identity(FakeRequest request) => (request.Header("Authorization"), request.Header("X-MLFLOW-WORKSPACE"));
    }

    [Theory]
    [InlineData(302, TrackingFault.Refused)]
    [InlineData(403, TrackingFault.Unauthorized)]
    [InlineData(413, TrackingFault.Refused)]
    [InlineData(503, TrackingFault.Busy)]
    [InlineData(0, TrackingFault.Unreachable)]
    public void Says_why_an_upload_fails(int status, TrackingFault fault)
    {
        using var temp = new TempFolder();
        File.WriteAllText(temp["model"], "weights");
        using var other = new FakeServer(_ => FakeResponse.Json("{}"));
        using var server = new FakeServer(_ => new FakeResponse(status, []) { Headers = $"Location: {other.Address}x\r\n" });
        using var store = Open(server, retries: 1);
        var folder = store.ArtifactsOf(Run("mlflow-artifacts:/1/r/artifacts"), Stop);
        var e = Assert.Throws<TrackingException>(() => folder.Upload(temp["model"], "model/model.onnx", Stop));
        Assert.Equal((fault, "model/model.onnx"), (e.Fault, e.Target));
        Assert.Equal(status is 503 or 0 ? 2 : 1, server.Requests.Count);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public void Refuses_more_bytes_than_the_list_says()
    {
        using var temp = new TempFolder();
        using var server = Serve(_ => new FakeResponse(200, [.. Bytes, 1]) { WithoutLength = true });
        var e = Assert.Throws<TrackingException>(() => Download(server, temp["model"], retries: 2));
        Assert.Equal(TrackingFault.WrongDigest, e.Fault);
        Assert.Empty(Directory.GetFiles(temp.Path));
    }

    [Fact]
    public void Says_it_when_a_stream_ends_early()
    {
        using var server = Serve(_ => new FakeResponse(200, Bytes) { Cut = 1000, WithoutLength = true });
        using var store = Open(server, retries: 0);
        using var stream = store.ArtifactsOf(Run("mlflow-artifacts:/1/r/artifacts"), Stop).Open("data/model.onnx", Stop);
        Assert.Equal(TrackingFault.WrongDigest, Assert.Throws<TrackingException>(() => stream.CopyTo(Stream.Null)).Fault);
    }

    [Fact]
    public void Sends_an_upload_again_after_a_fault()
    {
        using var temp = new TempFolder();
        File.WriteAllBytes(temp["model"], Bytes);
        int uploads = 0;
        using var server = new FakeServer(_ => uploads++ == 0 ? new FakeResponse(503, []) : FakeResponse.Json("{}"));
        using var store = Open(server, retries: 2);
        store.ArtifactsOf(Run("mlflow-artifacts:/1/r/artifacts"), Stop).Upload(temp["model"], "model/ä b.onnx", Stop);
        Assert.Equal(["PUT", "PUT"], server.Requests.Select(request => request.Method));
        Assert.Equal("/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/model/%C3%A4%20b.onnx", server.Requests[1].Path);
        Assert.Equal(Bytes, server.Requests[1].Body);
    }

    [Theory]
    [InlineData("../../etc/x")]
    [InlineData("/x")]
    public void Refuses_a_list_that_leads_out_of_the_folder(string path)
    {
        string list = $$"""{"files": [{"path": "{{path}}", "is_dir": false, "file_size": 1}]}""";
        using var server = new FakeServer(_ => FakeResponse.Json(list));
        using var store = Open(server, retries: 0);
        var folder = store.ArtifactsOf(Run("mlflow-artifacts:/1/r/artifacts"), Stop);
        Assert.Equal(TrackingFault.Damaged, Assert.Throws<TrackingException>(() => folder.List("", Stop)).Fault);
    }

    [Theory]
    [InlineData("gs://bucket/1/r/artifacts")]
    [InlineData("dbfs:/databricks/mlflow/1")]
    [InlineData("mlflow-artifacts://other.example.com/1/r/artifacts")]
    [InlineData("https://other.example.com/api/2.0/mlflow-artifacts/artifacts/1/r")]
    [InlineData("./mlruns/1/r/artifacts")]
    public void Says_which_addresses_it_cannot_use(string address)
    {
        using var server = new FakeServer(_ => FakeResponse.Json("{}"));
        using var store = Open(server, retries: 0);
        var e = Assert.Throws<TrackingException>(() => store.ArtifactsOf(Run(address), Stop));
        Assert.Equal(TrackingFault.UnsupportedAddress, e.Fault);
        Assert.Contains("--serve-artifacts", e.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Uses_a_folder_that_the_server_shares_with_this_machine()
    {
        using var temp = new TempFolder();
        using var server = new FakeServer(_ => FakeResponse.Json("{}"));
        using var store = Open(server, retries: 0);
        Assert.Equal(temp["1", "r"], store.ArtifactsOf(Run(temp["1", "r"]), Stop).LocalPath);
        Assert.Equal(temp["1", "r"], store.ArtifactsOf(Run(new Uri(temp["1", "r"]).AbsoluteUri), Stop).LocalPath);
        string proxied = new Uri(server.Address, "api/2.0/mlflow-artifacts/artifacts/1/r").ToString();
        Assert.Equal("mlflow-artifacts:/1/r", store.ArtifactsOf(Run(proxied), Stop).Address);
    }

    private static FakeServer Serve(Func<string, FakeResponse> download) => new(request => IsDownload(request)
        ? download(request.Header("Range"))
        : FakeResponse.Json($$"""{"files": [{"path": "model.onnx", "is_dir": false, "file_size": "{{Bytes.Length}}"}]}"""));

    private static bool IsDownload(FakeRequest request) =>
        request.Path.EndsWith("/1/r/artifacts/data/model.onnx", StringComparison.Ordinal);

    private static void Download(FakeServer server, string file, int retries, TimeSpan? timeout = null)
    {
        using var store = Open(server, retries, timeout);
        store.ArtifactsOf(Run("mlflow-artifacts:/1/r/artifacts"), Stop).Download("data/model.onnx", file, Stop);
    }

    private static RestTrackingStore Open(FakeServer server, int retries, TimeSpan? timeout = null) => new(new MlflowSettings
    {
        Address = server.Address,
        Retries = retries,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        Timeout = timeout ?? TimeSpan.FromSeconds(60),
        Token = Token,
        Workspace = "team",
    });

    private static Run Run(string artifacts) => new()
    {
        Id = "r",
        Name = "n",
        ExperimentId = "1",
        Status = RunStatus.Finished,
        Start = default,
        ArtifactAddress = artifacts,
        Metrics = new Dictionary<string, Metric>(),
        Parameters = new Dictionary<string, string>(),
        Tags = new Dictionary<string, string>(),
    };
}
