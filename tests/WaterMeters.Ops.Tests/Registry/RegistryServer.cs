using System.Text.Json.Nodes;
using WaterMeters.Ops.Tests.Http;
using WaterMeters.Ops.Tracking.Rest;

namespace WaterMeters.Ops.Tests.Registry;

/// <summary>An MLflow server with one registered model, whose versions a test adds and puts into production.</summary>
internal sealed class RegistryServer : IDisposable
{
    public const string Model = "water-meter-segmentation";
    private const string Artifacts = "/api/2.0/mlflow-artifacts/artifacts";

    private readonly FakeServer server;
    private readonly SortedDictionary<int, (byte[] File, string? Digest)> versions = [];

    public RegistryServer() => server = new FakeServer(Answer);

    public Uri Address => server.Address;

    /// <summary>The version in production, which is the champion too; 0: none.</summary>
    public int Production { get; set; }

    /// <summary>Whether requests are answered at all.</summary>
    public bool IsDown { get; set; }

    /// <summary>Bytes of a file after which its connection is closed; null: all are sent.</summary>
    public int? Cut { get; set; }

    /// <summary>Files that were downloaded.</summary>
    public int Downloads => server.Requests.Count(r => r.Path.EndsWith("model.safetensors", StringComparison.Ordinal));

    public void Add(int version, byte[] file, string? digest = null) => versions[version] = (file, digest);

    public RestTrackingStore Open(string? workspace = null) =>
        new(new MlflowSettings { Address = Address, Retries = 0, Workspace = workspace });

    public void Dispose() => server.Dispose();

    private FakeResponse Answer(FakeRequest request)
    {
        if (IsDown) return FakeResponse.Lost;
        string call = request.Path.Split('/')[^1];
        int number = request.Path.StartsWith(Artifacts + "/", StringComparison.Ordinal)
            ? int.Parse(request.Path.Split('/')[^2], System.Globalization.CultureInfo.InvariantCulture)
            : 0;
        return request.Path switch
        {
            Artifacts => Json(new JsonObject
            {
                ["files"] = new JsonArray(
                    File("MLmodel", 7),
                    File("model.safetensors", versions[Last(request.Target)].File.Length)),
            }),
            _ when number > 0 => new FakeResponse(200, versions[number].File) { Cut = Cut },
            _ when call == "search" => Json(new JsonObject
            {
                ["model_versions"] = new JsonArray([.. versions.Keys.Select(key => (JsonNode)Version(key))]),
            }),
            _ when call == "alias" && Production > 0 => Json(new JsonObject { ["model_version"] = Version(Production) }),
            _ when call == "get-download-uri" =>
                Json(new JsonObject { ["artifact_uri"] = $"mlflow-artifacts:/{Last(request.Target)}" }),
            _ when request.Path.EndsWith("model-versions/get", StringComparison.Ordinal) && versions.ContainsKey(Last(request.Target)) =>
                Json(new JsonObject { ["model_version"] = Version(Last(request.Target)) }),
            _ when request.Path.EndsWith("registered-models/get", StringComparison.Ordinal) =>
                Json(new JsonObject { ["registered_model"] = new JsonObject { ["name"] = Model } }),
            _ => FakeResponse.Json("""{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "not found"}""", 404),
        };
    }

    /// <summary>The number at the end of an address, such as version=3 or path=3.</summary>
    private static int Last(string target) =>
        int.Parse(target[(target.LastIndexOf('=') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static JsonObject File(string name, int size) => new() { ["path"] = name, ["is_dir"] = false, ["file_size"] = size };

    private static FakeResponse Json(JsonObject json) => FakeResponse.Json(json.ToJsonString());

    private JsonObject Version(int version)
    {
        var json = new JsonObject
        {
            ["name"] = Model,
            ["version"] = $"{version}",
            ["creation_timestamp"] = 1_700_000_000_000 + version,
            ["last_updated_timestamp"] = 1_700_000_000_000 + version,
            ["current_stage"] = version == Production ? "Production" : "None",
            ["source"] = $"mlflow-artifacts:/{version}",
            ["status"] = "READY",
        };
        if (versions[version].Digest is { } digest)
        {
            json["tags"] = new JsonArray(
                new JsonObject { ["key"] = Ops.Tracking.Runs.RunTags.ModelDigest, ["value"] = digest });
        }

        return json;
    }
}
