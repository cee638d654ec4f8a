using System.Globalization;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Ops.Tests.Feeds;

/// <summary>
/// A local NuGet v3 feed with one package and the faults of real servers. Each request for the package meets the next fault of a list;
/// after its end all requests succeed.
/// </summary>
internal sealed class FakeFeed : IDisposable
{
    private readonly FakeServer server;
    private readonly Queue<Fault> faults;
    private readonly byte[] package;

    public FakeFeed(byte[] package, params Fault[] faults)
    {
        (this.package, this.faults) = (package, new Queue<Fault>(faults));
        server = new FakeServer(Answer);
    }

    public enum Fault
    {
        /// <summary>The complete response.</summary>
        None,

        /// <summary>Half of the remaining bytes, then the connection is cut.</summary>
        CutInTheMiddle,

        /// <summary>Half of the remaining bytes, then nothing; the connection stays open.</summary>
        Silent,

        /// <summary>The whole file with status 200, whatever range is requested.</summary>
        NoRange,

        /// <summary>As NoRange, and cut in the middle.</summary>
        NoRangeCut,

        /// <summary>404.</summary>
        Gone,

        /// <summary>503.</summary>
        Busy,

        /// <summary>Other bytes of the same length.</summary>
        OtherBytes,
    }

    public Uri Index => new(server.Address, "v3/index.json");

    /// <summary>The text of index.json; null for the services of a feed.</summary>
    public string? IndexText { get; init; }

    /// <summary>The Range headers of the requests for the package, in order; empty if a request has none.</summary>
    public IReadOnlyList<string> Ranges => [.. server.Requests.Where(IsForPackage).Select(request => request.Header("Range"))];

    public void Dispose() => server.Dispose();

    private FakeResponse Answer(FakeRequest request) =>
        request.Path == "/v3/index.json" ? FakeResponse.Json(IndexText ?? Services())
        : IsForPackage(request) ? Package(request.Header("Range"))
        : new(404, []);

    private string Services() => $$"""
        { "version": "3.0.0", "resources": [
          { "@id": "{{server.Address}}search", "@type": "SearchQueryService" },
          { "@id": "{{server.Address}}flat/", "@type": "PackageBaseAddress/3.0.0" } ] }
        """;

    private FakeResponse Package(string range)
    {
        var fault = faults.TryDequeue(out var next) ? next : Fault.None;
        if (fault is Fault.Gone or Fault.Busy) return new(fault == Fault.Gone ? 404 : 503, []);

        bool ranged = range.Length > 0 && fault is not (Fault.NoRange or Fault.NoRangeCut);
        int from = ranged ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
        if (from >= package.Length && ranged) return new(416, []) { Headers = $"Content-Range: bytes */{package.Length}\r\n" };

        byte[] body = package[from..];
        if (fault == Fault.OtherBytes) body = [.. body.Select(b => (byte)~b)];
        return new(ranged ? 206 : 200, body)
        {
            Headers = ranged ? $"Content-Range: bytes {from}-{package.Length - 1}/{package.Length}\r\n" : "",
            Cut = fault is Fault.CutInTheMiddle or Fault.Silent or Fault.NoRangeCut ? body.Length / 2 : null,
            ThenSilent = fault == Fault.Silent,
        };
    }

    private static bool IsForPackage(FakeRequest request) => request.Path.EndsWith(".nupkg", StringComparison.Ordinal);
}
