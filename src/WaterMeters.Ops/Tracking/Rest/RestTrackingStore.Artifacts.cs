using System.Text.Json.Nodes;
using WaterMeters.Ops.Tracking.Artifacts;

namespace WaterMeters.Ops.Tracking.Rest;

public sealed partial class RestTrackingStore
{
    private const string RunScheme = "runs:/", ModelScheme = "models:/", ProxyScheme = "mlflow-artifacts:";
    private const string ProxyPath = "api/2.0/mlflow-artifacts/artifacts/";

    /// <inheritdoc/>
    public IArtifactFolder ArtifactsOf(Run run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new RunArtifactFolder(
            FolderAt(run.ArtifactAddress, run.Id),
            stop => LoggedModels(ReadRun(run.Id, stop), stop).ToDictionary(
                model => model.Name, model => FolderAt(model.Address, model.Id), StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public IArtifactFolder ArtifactsOf(ModelVersion version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(version);
        string name = $"{version.Name}/{Number(version.Version)}";
        var request = MlflowRequest.Get(
            "model-versions/get-download-uri", name, ("name", version.Name), ("version", Number(version.Version)));
        string address = server.Call(request, cancellation).Text("artifact_uri");
        if (address.Length == 0) address = version.Source;
        return FolderAt(ResolveModel(ResolveRun(address, cancellation), cancellation), name);
    }

    /// <summary>Turns <c>runs:/ID/PATH</c> into the address of the artifacts; other addresses stay.</summary>
    private string ResolveRun(string address, CancellationToken cancellation)
    {
        if (!address.StartsWith(RunScheme, StringComparison.Ordinal)) return address;
        string[] parts = address[RunScheme.Length..].Trim('/').Split('/', 2);
        string folder = GetRun(parts[0], cancellation).ArtifactAddress;
        return parts.Length == 1 ? folder : $"{folder.TrimEnd('/')}/{parts[1]}";
    }

    /// <summary>Turns <c>models:/m-ID</c>, a model that MLflow 3 keeps apart from its run, into the address of its artifacts.</summary>
    private string ResolveModel(string address, CancellationToken cancellation)
    {
        if (!address.StartsWith(ModelScheme, StringComparison.Ordinal)) return address;
        string[] parts = address[ModelScheme.Length..].Trim('/').Split('/', 2);
        string folder = ReadLoggedModel(parts[0], cancellation).Address;
        return parts.Length == 1 ? folder : $"{folder.TrimEnd('/')}/{parts[1]}";
    }

    /// <summary>
    /// The models that MLflow 3 logged in a run; of several with one name, the last. A name that is not one of a folder is left out: it is
    /// where the files are written here.
    /// </summary>
    private (string Id, string Name, string Address)[] LoggedModels(JsonObject run, CancellationToken cancellation) =>
    [
        .. run.Object("outputs").Objects("model_outputs")
            .Select(output => ReadLoggedModel(output.Text("model_id"), cancellation))
            .Where(model => ArtifactPath.IsInside(model.Name))
            .GroupBy(model => model.Name, StringComparer.Ordinal)
            .Select(group => group.Last()),
    ];

    private (string Id, string Name, string Address) ReadLoggedModel(string id, CancellationToken cancellation)
    {
        var request = MlflowRequest.Get($"logged-models/{Uri.EscapeDataString(id)}", id);
        var info = server.Call(request, cancellation).Object("model").Object("info");
        return (id, info.Text("name"), info.Text("artifact_uri"));
    }

    private IArtifactFolder FolderAt(string address, string target)
    {
        if (address.StartsWith(ProxyScheme, StringComparison.Ordinal)) return OnServer(address[ProxyScheme.Length..], address, target);
        if (address.StartsWith("s3://", StringComparison.OrdinalIgnoreCase))
        {
            return new S3ArtifactFolder(address, server.Settings.S3Endpoint, server.Settings.Retries);
        }

        if (Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            if (uri.IsFile && (uri.IsLoopback || OperatingSystem.IsWindows())) return OnThisMachine(uri.LocalPath, target);
            string proxy = new Uri(server.Address, ProxyPath).AbsolutePath;
            if (server.IsOurs(uri) && uri.AbsolutePath.StartsWith(proxy, StringComparison.Ordinal))
            {
                return new HttpArtifactFolder(server, Uri.UnescapeDataString(uri.AbsolutePath[proxy.Length..]).Trim('/'));
            }
        }

        throw Unsupported(address, target);
    }

    /// <summary>Artifacts behind the server: <c>mlflow-artifacts:/PATH</c>, or with a host, <c>mlflow-artifacts://HOST/PATH</c>.</summary>
    private HttpArtifactFolder OnServer(string rest, string address, string target)
    {
        string path = rest;
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            string host = rest[2..].Split('/', 2)[0];

            // Another server would need the credentials of this one.
            if (host.Length > 0 && !server.IsOurs(new Uri($"{server.Address.Scheme}://{host}/"))) throw Unsupported(address, target);
            path = rest[(2 + host.Length)..];
        }

        path = Uri.UnescapeDataString(path).Trim('/');
        if (path.Length > 0 && !ArtifactPath.IsInside(path)) throw Unsupported(address, target);
        return new HttpArtifactFolder(server, path);
    }

    /// <summary>
    /// A path is one on the server. Here it is only right if the server is this machine, or if both see the same folder.
    /// </summary>
    private LocalArtifactFolder OnThisMachine(string path, string target)
    {
        string? experiment = Path.GetDirectoryName(Path.GetDirectoryName(path)); // EXPERIMENT/RUN/artifacts
        bool seen = server.Address.IsLoopback || Directory.Exists(path) || Directory.Exists(experiment);
        if (Path.IsPathFullyQualified(path) && seen) return new LocalArtifactFolder(path);
        throw new TrackingException(
            TrackingFault.UnsupportedAddress,
            target,
            $"The MLflow server '{Address}' keeps the artifacts of '{target}' in '{path}', a folder of its own machine. "
                + "Start the server with --serve-artifacts, or share that folder under the same path.");
    }

    private TrackingException Unsupported(string address, string target) => new(
        TrackingFault.UnsupportedAddress,
        target,
        $"The artifacts of '{target}' are at '{MlflowSettings.WithoutCredentials(address)}'. Only mlflow-artifacts:, s3:// and folders "
            + $"can be read and written. Start the MLflow server '{Address}' with --serve-artifacts, so that it hands them out itself.");
}
