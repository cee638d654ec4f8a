using System.Collections.Concurrent;
using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Ops.Tests.Versioning.Stores;

/// <summary>As much of S3 as the module uses, in memory: it counts requests, and makes the faults that a test wants.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "DVC names files by their MD5.")]
internal sealed class MemoryS3 : IDisposable
{
    public const string Bucket = "wms-test";

    private const int PageSize = 1000;

    private readonly FakeServer server;

    public MemoryS3() => server = new FakeServer(Answer);

    public Uri Endpoint => server.Address;

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Called before each request; null: it is answered as S3 does.</summary>
    public Func<FakeRequest, FakeResponse?> Fault { get; set; } = _ => null;

    public IReadOnlyList<FakeRequest> Requests => server.Requests;

    /// <summary>Requests of each kind since a position: list, get, head, put.</summary>
    public Dictionary<string, int> CountSince(int position) =>
        Requests.Skip(position).GroupBy(KindOf).ToDictionary(group => group.Key, group => group.Count());

    public static FakeResponse Error(int status, string code) =>
        new(status, Encoding.UTF8.GetBytes($"<Error><Code>{code}</Code><Message>{code}</Message></Error>"))
        {
            Headers = "Content-Type: application/xml\r\n",
        };

    public string Config => $"[core]\n    remote = cloud\n['remote \"cloud\"']\n    url = s3://{Bucket}/dvc\n    endpointurl = {Endpoint}\n"
        + "    access_key_id = S3RVER\n    secret_access_key = S3RVER\n";

    public void Dispose() => server.Dispose();

    private static string KindOf(FakeRequest request) =>
        request.Target.Contains("list-type", StringComparison.Ordinal) ? "list" : request.Method.ToLowerInvariant();

    private FakeResponse Answer(FakeRequest request)
    {
        if (Fault(request) is { } fault) return fault;
        string key = Uri.UnescapeDataString(request.Path)[1..];
        if (!key.StartsWith(Bucket, StringComparison.Ordinal)) return Error(404, "NoSuchBucket");
        key = key[Bucket.Length..].TrimStart('/');
        Objects.TryGetValue(key, out byte[]? found);
        return KindOf(request) switch
        {
            "list" => List(request),
            "put" => Put(request, key),
            _ when found is null => Error(404, "NoSuchKey"),
            "head" => new FakeResponse(200, found) { Headers = Tag(found), Cut = 0 },
            _ => Get(request, found),
        };
    }

    private static FakeResponse Get(FakeRequest request, byte[] found)
    {
        string range = request.Header("Range");
        if (range.Length == 0) return new FakeResponse(200, found) { Headers = Tag(found) };
        int from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        return new FakeResponse(206, found[from..])
        {
            Headers = $"{Tag(found)}Content-Range: bytes "
            + $"{from}-{found.Length - 1}/{found.Length}\r\n"
        };
    }

    private FakeResponse Put(FakeRequest request, string key)
    {
        if (request.Header("Content-MD5") is { Length: > 0 } digest && digest != Convert.ToBase64String(MD5.HashData(request.Body)))
        {
            return Error(400, "BadDigest");
        }

        if (request.Header("If-None-Match") == "*" && Objects.ContainsKey(key)) return Error(412, "PreconditionFailed");
        Objects[key] = request.Body;
        return new FakeResponse(200, []) { Headers = Tag(request.Body) };
    }

    private FakeResponse List(FakeRequest request)
    {
        var query = request.Target.Split('?')[1].Split('&').Select(part => part.Split('='))
            .ToDictionary(part => part[0], part => Uri.UnescapeDataString(part[1]));
        string prefix = query["prefix"], after = query.GetValueOrDefault("continuation-token", "");
        var page = Objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0)
            .Order(StringComparer.Ordinal).Take(PageSize + 1).ToArray();
        bool isTruncated = page.Length > PageSize;
        if (isTruncated) page = page[..PageSize];
        var xml = new StringBuilder("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        xml.Append(CultureInfo.InvariantCulture, $"<IsTruncated>{(isTruncated ? "true" : "false")}</IsTruncated>");
        if (isTruncated) xml.Append(CultureInfo.InvariantCulture, $"<NextContinuationToken>{page[^1]}</NextContinuationToken>");
        foreach (string key in page)
        {
            byte[] content = Objects[key];
            xml.Append(CultureInfo.InvariantCulture, $"<Contents><Key>{SecurityElement.Escape(key)}</Key><Size>{content.Length}</Size>")
                .Append(CultureInfo.InvariantCulture, $"<ETag>&quot;{Hash(content)}&quot;</ETag></Contents>");
        }

        return new FakeResponse(200,
            Encoding.UTF8.GetBytes(xml.Append("</ListBucketResult>").ToString()))
        { Headers = "Content-Type: application/xml\r\n" };
    }

    private static string Tag(byte[] content) => $"ETag: \"{Hash(content)}\"\r\n";

    private static string Hash(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));
}
