using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Ops.Tests.Tracking.Rest;

/// <summary>
/// A server that answers as a real MLflow server did when its own client asked the same. A request that the recording does not have is
/// answered with 400 and fails the test in <see cref="AssertAllRecorded"/>. Skips the test where the recordings are missing.
/// </summary>
internal sealed class RecordedServer : IDisposable
{
    private readonly List<Exchange> exchanges;
    private readonly List<string> unknown = [];
    private readonly string[] ignored;
    private readonly FakeServer server;

    /// <param name="version">Version of MLflow.</param>
    /// <param name="ignored">Fields of bodies that are not compared, for a request that our interface has no way to make.</param>
    public RecordedServer(string version, params string[] ignored)
    {
        string file = SharedFolder.Golden("mlflow", $"exchanges-{version}.json");
        exchanges = [.. JsonNode.Parse(File.ReadAllText(file))!["exchanges"]!.AsArray().Select(node => new Exchange(node!.AsObject()))];
        this.ignored = ignored;
        server = new FakeServer(Answer);
    }

    public Uri Address => server.Address;

    /// <summary>End of a path that is answered with <c>{}</c>, whatever its body.</summary>
    public string? Accepts { get; init; }

    /// <summary>Bodies of the requests to <see cref="Accepts"/>.</summary>
    public List<string> Accepted { get; } = [];

    /// <summary>The recorded body of a step's first request to a path.</summary>
    public JsonObject Request(string step, string path) => Find(step, path).Body!.AsObject();

    /// <summary>The recorded answer of a step's first request to a path.</summary>
    public JsonObject Response(string step, string path) => Find(step, path).Json["response"]!.AsObject();

    /// <summary>The recorded answer of a step's last request to a path.</summary>
    public JsonObject LastResponse(string step, string path) =>
        exchanges.Last(e => e.Step == step && e.Path.EndsWith(path, StringComparison.Ordinal)).Json["response"]!.AsObject();

    /// <summary>Requests that were answered, as <c>METHOD PATH</c>.</summary>
    public IReadOnlyList<string> Answered => [.. server.Requests.Select(request => $"{request.Method} {request.Path}")];

    public void AssertAllRecorded() => Assert.Empty(unknown);

    public void Dispose() => server.Dispose();

    private Exchange Find(string step, string path) =>
        exchanges.First(e => e.Step == step && e.Path.EndsWith(path, StringComparison.Ordinal));

    private FakeResponse Answer(FakeRequest request)
    {
        if (exchanges.FirstOrDefault(e => e.Matches(request, ignored)) is { } found) return found.Answer();
        if (Accepts is not null && request.Path.EndsWith(Accepts, StringComparison.Ordinal))
        {
            Accepted.Add(request.Text);
            return FakeResponse.Json("{}");
        }

        unknown.Add($"{request.Method} {request.Target} {(request.Body.Length < 2000 ? request.Text : "")}");
        return FakeResponse.Json("""{"error_code": "BAD_REQUEST", "message": "This request is not in the recording."}""", 400);
    }

    private sealed class Exchange(JsonObject json)
    {
        public JsonObject Json => json;

        public string Step => json["step"]!.GetValue<string>();

        public string Path => json["path"]!.GetValue<string>().Split('?')[0];

        public JsonNode? Body => json["request"];

        private string ContentType(string headers) => Header(headers, "content-type");

        private string Header(string headers, string name) =>
            json[headers]!.AsObject().FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value?.ToString() ?? "";

        public bool Matches(FakeRequest request, string[] ignored)
        {
            if (json["method"]!.GetValue<string>() != request.Method || Path != request.Path) return false;
            string target = json["path"]!.GetValue<string>();
            if (!Query(target).SequenceEqual(Query(request.Target))) return false;
            if (Body is null) return request.Body.Length == 0;
            if (ContentType("request_headers") != request.Header("Content-Type").Split(';')[0]) return false;
            if (request.Method == "PUT") return File(Body).AsSpan().SequenceEqual(request.Body);
            return JsonNode.DeepEquals(Without(Body, ignored), Without(JsonNode.Parse(request.Body)!, ignored));
        }

        public FakeResponse Answer()
        {
            int status = json["status"]!.GetValue<int>();
            string type = ContentType("response_headers");
            bool isFile = Header("response_headers", "content-disposition").Length > 0;
            byte[] body = isFile ? File(json["response"]!) : Encoding.UTF8.GetBytes(json["response"]?.ToJsonString() ?? "");

            // MLflow sends files in pieces and does not say how long they are.
            return new(status, body) { Headers = type.Length > 0 ? $"Content-Type: {type}\r\n" : "", WithoutLength = isFile };
        }

        /// <summary>A recorded file: its text, or as many zeros as it had bytes.</summary>
        private static byte[] File(JsonNode node) =>
            node is JsonObject size ? new byte[size["bytes"]!.GetValue<int>()] : Encoding.UTF8.GetBytes(node.GetValue<string>());

        private static IEnumerable<string> Query(string target) =>
            target.Split('?').Skip(1)
                .SelectMany(query => query.Split('&'))
                .Select(pair => WebUtility.UrlDecode(pair)!)
                .Order(StringComparer.Ordinal);

        private static JsonObject Without(JsonNode node, string[] ignored)
        {
            var copy = node.DeepClone().AsObject();
            foreach (string name in ignored) copy.Remove(name);
            return copy;
        }
    }
}
