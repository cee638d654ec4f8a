using System.Globalization;
using System.Security.Cryptography;
using WaterMeters.Ops.Tests.Http;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Artifacts;

namespace WaterMeters.Ops.Tests.Tracking.Artifacts;

public class S3ArtifactFolderTests
{
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(300_000);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipWhen = nameof(WindowsSystem.IsWine), SkipType = typeof(WindowsSystem), Skip = "Wine has no Node.js.")]
    public void Keeps_artifacts_in_S3()
    {
        using var temp = new TempFolder();
        using var server = new S3Server();
        var folder = new S3ArtifactFolder($"s3://{S3Server.Bucket}/mlflow/1/r/artifacts", server.Endpoint, retries: 1);
        Assert.Empty(folder.List("", Stop));
        File.WriteAllBytes(temp["model"], Bytes);
        File.WriteAllText(temp["text"], "Epoch 1/1\n");
        folder.Upload(temp["model"], "model/data/model ä.onnx", Stop);
        folder.Upload(temp["text"], "logs/Terminal.log", Stop);
        folder.Upload(temp["text"], "model-2/x", Stop);

        Assert.Equal(
            [new("logs/Terminal.log", 10), new("model-2/x", 10), new("model/data/model ä.onnx", Bytes.Length)], folder.List("", Stop));
        Assert.Equal([new("model/data/model ä.onnx", Bytes.Length)], folder.List("model", Stop));
        folder.Download("model/data/model ä.onnx", temp["copy"], Stop);
        Assert.Equal(Bytes, File.ReadAllBytes(temp["copy"]));
        using var stream = new StreamReader(folder.Open("logs/Terminal.log", Stop));
        Assert.Equal("Epoch 1/1\n", stream.ReadToEnd());

        Assert.Equal(TrackingFault.NotFound, Assert.Throws<TrackingException>(() => folder.Download("x", temp["x"], Stop)).Fault);
        Assert.False(File.Exists(temp["x"]));
        var other = new S3ArtifactFolder("s3://not-there/1", server.Endpoint, retries: 0);
        Assert.Equal(TrackingFault.Refused, Assert.Throws<TrackingException>(() => other.List("", Stop)).Fault);
    }

    [Fact]
    public void Continues_with_the_same_object_when_a_download_is_cut()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "S3RVER");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "S3RVER");
        using var temp = new TempFolder();
        int requests = 0;
        const string Tag = "\"00112233445566778899aabbccddeeff-2\""; // as of an object that was uploaded in two parts
        using var server = new FakeServer(request =>
        {
            string range = request.Header("Range");
            int from = range.Length > 0 ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
            return new FakeResponse(from > 0 ? 206 : 200, Bytes[from..])
            {
                Headers = $"ETag: {Tag}\r\n"
                    + (from > 0 ? $"Content-Range: bytes {from}-{Bytes.Length - 1}/{Bytes.Length}\r\n" : ""),
                Cut = requests++ == 0 ? 100_000 : null,
            };
        });
        var folder = new S3ArtifactFolder("s3://bucket/1", server.Address, retries: 2);
        folder.Download("model.onnx", temp["model"], Stop);
        Assert.Equal(Bytes, File.ReadAllBytes(temp["model"]));
        var second = server.Requests[1];
        Assert.Equal(("bytes=100000-", Tag), (second.Header("Range"), second.Header("If-Match")));
    }

    [Fact]
    public void Says_that_the_service_cannot_be_reached()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "S3RVER");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "S3RVER");
        Uri closed;
        using (var server = new FakeServer(_ => FakeResponse.Lost)) closed = server.Address;
        using var temp = new TempFolder();
        var folder = new S3ArtifactFolder("s3://bucket/1", closed, retries: 0);
        var e = Assert.Throws<TrackingException>(() => folder.Download("model.onnx", temp["model"], Stop));
        Assert.Equal(TrackingFault.Unreachable, e.Fault);
        Assert.Contains("MLFLOW_S3_ENDPOINT_URL", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(temp.Path));
    }
}
