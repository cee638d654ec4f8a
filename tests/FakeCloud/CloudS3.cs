using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Tests.Cloud;

/// <summary>S3 with conditional writes. The bucket keeps no versions; a listing of versions shows each object as its only one.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "S3 names contents by their MD5.")]
internal sealed partial class CloudS3(FakeCloud cloud)
{
    public string Name(FakeRequest request)
    {
        string key = Key(request);
        string action = request.Method switch
        {
            "GET" when key.Length == 0 => "ListObjects",
            "GET" => "GetObject",
            "HEAD" => "HeadObject",
            "PUT" => "PutObject",
            "POST" => "DeleteObjects",
            _ => "DeleteObject",
        };
        return key.Length > 0 ? $"{action} {key}" : action;
    }

    public FakeResponse Answer(FakeRequest request)
    {
        if (!FakeCloud.Buckets.Contains(request.Path.Split('/')[1])) return FakeCloud.Error("s3", "NoSuchBucket", 404);
        string key = Key(request);
        cloud.Objects.TryGetValue(key, out byte[]? found);
        switch (request.Method)
        {
            case "GET" when key.Length == 0:
                return List(request);
            case "PUT":
                if (request.Header("If-None-Match") == "*" && found is not null) return FakeCloud.Error("s3", "PreconditionFailed", 412);
                if (request.Header("If-Match") is { Length: > 0 } match)
                {
                    if (found is null) return FakeCloud.Error("s3", "NoSuchKey", 404);
                    if (match.Trim('"') != Hash(found)) return FakeCloud.Error("s3", "PreconditionFailed", 412);
                }

                cloud.Objects[key] = request.Body;
                return new FakeResponse(200, []) { Headers = Tag(request.Body) };
            case "POST":
                foreach (Match one in KeyIn().Matches(request.Text)) cloud.Objects.Remove(one.Groups[1].Value);
                return FakeCloud.Xml("<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></DeleteResult>");
            case "DELETE":
                cloud.Objects.Remove(key);
                return new FakeResponse(204, []);
            case var _ when found is null:
                return FakeCloud.Error("s3", "NoSuchKey", 404);
            case "HEAD":
                return new FakeResponse(200, found) { Headers = Tag(found), Cut = 0 };
            case "GET" when RangeIn().Match(request.Header("Range")) is { Success: true } range:
                int first = int.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture);
                int last = Math.Min(found.Length - 1, int.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture));
                return new FakeResponse(206, found[first..(last + 1)])
                {
                    Headers = Tag(found) + $"Content-Range: bytes {first}-{last}/{found.Length}\r\n",
                };
            default:
                return new FakeResponse(200, found) { Headers = Tag(found) };
        }
    }

    private FakeResponse List(FakeRequest request)
    {
        string query = request.Target.Split('?').ElementAtOrDefault(1) ?? "";
        var values = System.Web.HttpUtility.ParseQueryString(query);
        bool isVersions = query.Contains("versions", StringComparison.Ordinal);
        string prefix = values["prefix"] ?? "", after = values["start-after"] ?? "";
        string root = isVersions ? "ListVersionsResult" : "ListBucketResult";
        var xml = new StringBuilder($"<{root} xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>false</IsTruncated>");
        foreach (var (key, content) in cloud.Objects.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal)
            && string.CompareOrdinal(one.Key, after) > 0))
        {
            xml.Append(isVersions ? "<Version><VersionId>null</VersionId><IsLatest>true</IsLatest>" : "<Contents>")
                .Append(CultureInfo.InvariantCulture, $"<Key>{SecurityElement.Escape(key)}</Key><Size>{content.Length}</Size>")
                .Append(CultureInfo.InvariantCulture, $"<ETag>&quot;{Hash(content)}&quot;</ETag>")
                .Append(isVersions ? "</Version>" : "</Contents>");
        }

        return FakeCloud.Xml(xml.Append(CultureInfo.InvariantCulture, $"</{root}>").ToString());
    }

    private static string Key(FakeRequest request)
    {
        string path = Uri.UnescapeDataString(request.Path).TrimStart('/');
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? "" : path[(slash + 1)..];
    }

    private static string Tag(byte[] content) => $"ETag: \"{Hash(content)}\"\r\n";

    private static string Hash(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));

    [GeneratedRegex("bytes=([0-9]+)-([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex RangeIn();

    [GeneratedRegex("<Key>([^<]*)</Key>", RegexOptions.CultureInvariant)]
    private static partial Regex KeyIn();
}
