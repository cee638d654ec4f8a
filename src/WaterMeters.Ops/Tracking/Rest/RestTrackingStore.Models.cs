using System.Globalization;
using System.Text.Json.Nodes;

namespace WaterMeters.Ops.Tracking.Rest;

public sealed partial class RestTrackingStore
{
    private const int VersionsPerPage = 10000, ModelsPerPage = 100;

    /// <inheritdoc/>
    public IReadOnlyList<RegisteredModel> ListModels(CancellationToken cancellation)
    {
        var request = MlflowRequest.Get("registered-models/search", "models", ("max_results", Number(ModelsPerPage)));
        return
        [
            .. server.Pages(request, "registered_models", cancellation)
                .Select(Answers.Model)
                .OrderBy(model => model.Name, StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc/>
    public RegisteredModel? FindModel(string name, CancellationToken cancellation)
    {
        TrackingLimits.CheckModelName(name);
        try
        {
            var request = MlflowRequest.Get("registered-models/get", name, ("name", name));
            return Answers.Model(server.Call(request, cancellation).Object("registered_model"));
        }
        catch (TrackingException e) when (e.Fault == TrackingFault.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public RegisteredModel GetOrCreateModel(string name, string description, CancellationToken cancellation)
    {
        TrackingLimits.CheckModelName(name);
        TrackingLimits.CheckDescription(description);
        var body = new JsonObject { ["name"] = name };
        if (description.Length > 0) body["description"] = description;
        try
        {
            // Repeated without asking: a second model of this name is refused.
            var request = MlflowRequest.Post("registered-models/create", name, body);
            return Answers.Model(server.Call(request, cancellation).Object("registered_model"));
        }
        catch (TrackingException e) when (e.Fault is TrackingFault.AlreadyExists or TrackingFault.Unauthorized)
        {
            // Who may add versions need not be allowed to create models.
            if (FindModel(name, cancellation) is { } found) return found;
            throw;
        }
    }

    /// <inheritdoc/>
    public ModelVersion CreateVersion(NewModelVersion version, CancellationToken cancellation)
    {
        TrackingLimits.Check(version);
        string source = FindLoggedModel(version.Source, cancellation) ?? ResolveRun(version.Source, cancellation);
        var body = new JsonObject { ["name"] = version.Name, ["source"] = source };
        if (source.StartsWith(ModelScheme + "m-", StringComparison.Ordinal)) body["model_id"] = source[ModelScheme.Length..];
        else if (version.RunId.Length > 0) body["run_id"] = version.RunId;
        if (version.Tags.Count > 0) body["tags"] = version.Tags.ToJson();
        if (version.Description.Length > 0) body["description"] = version.Description;
        var request = MlflowRequest.Post("model-versions/create", version.Name, body);
        var since = System.Diagnostics.Stopwatch.StartNew();
        return server.Repeat(
            mayBeDone => mayBeDone && FindCreatedVersion(version, source, since.Elapsed, cancellation) is { } found
                ? found
                : Answers.Version(server.CallOnce(request, cancellation).Object("model_version")),
            cancellation);
    }

    /// <inheritdoc/>
    public ModelVersion GetVersion(string name, int version, CancellationToken cancellation)
    {
        TrackingLimits.CheckModelName(name);
        var request = MlflowRequest.Get("model-versions/get", $"{name}/{Number(version)}", ("name", name), ("version", Number(version)));
        return Answers.Version(server.Call(request, cancellation).Object("model_version"));
    }

    /// <inheritdoc/>
    public ModelVersion? FindAlias(string name, string aliasName, CancellationToken cancellation)
    {
        TrackingLimits.CheckModelName(name);
        TrackingLimits.CheckAlias(aliasName);
        try
        {
            var request = MlflowRequest.Get("registered-models/alias", aliasName, ("name", name), ("alias", aliasName));
            return Answers.Version(server.Call(request, cancellation).Object("model_version"));
        }
        catch (TrackingException e) when (e.Fault is TrackingFault.NotFound or TrackingFault.InvalidValue)
        {
            // Names are checked above, so the value that MLflow calls invalid is an alias that does not exist.
            return null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ModelVersion> ListVersions(string name, CancellationToken cancellation)
    {
        TrackingLimits.CheckModelName(name);
        ModelVersion[] versions = [.. server.Pages(SearchVersions(name), "model_versions", cancellation)
            .Select(Answers.Version).Where(version => version.Name == name).OrderByDescending(version => version.Version)];
        if (versions.Length == 0) return [];

        // The search leaves the aliases out.
        var aliases = FindModel(name, cancellation)?.Aliases.ToLookup(alias => alias.Value, alias => alias.Key);
        return aliases is null
            ? versions
            : [.. versions.Select(version => version with
            {
                Aliases = [.. version.Aliases.Union(aliases[version.Version], StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            })];
    }

    /// <inheritdoc/>
    public void SetVersionTags(
        string name, int version, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
    {
        TrackingLimits.CheckModelName(name);
        TrackingLimits.CheckTags(tags);
        foreach (var (key, value) in tags)
        {
            var body = new JsonObject { ["name"] = name, ["version"] = Number(version), ["key"] = key, ["value"] = value };
            server.Call(MlflowRequest.Post("model-versions/set-tag", $"{name}/{Number(version)}", body), cancellation);
        }
    }

    /// <inheritdoc/>
    public void SetAlias(string name, string aliasName, int version, CancellationToken cancellation)
    {
        TrackingLimits.CheckModelName(name);
        TrackingLimits.CheckAlias(aliasName);
        var body = new JsonObject { ["name"] = name, ["alias"] = aliasName, ["version"] = Number(version) };
        server.Call(MlflowRequest.Post("registered-models/alias", $"{name}/{Number(version)}", body), cancellation);
    }

    /// <inheritdoc/>
    public void DeleteAlias(string name, string aliasName, CancellationToken cancellation)
    {
        TrackingLimits.CheckModelName(name);
        TrackingLimits.CheckAlias(aliasName);
        var body = new JsonObject { ["name"] = name, ["alias"] = aliasName };
        try
        {
            server.Call(new MlflowRequest(HttpMethod.Delete, "registered-models/alias", name) { Body = body }, cancellation);
        }
        catch (TrackingException e) when (e.Fault == TrackingFault.InvalidValue)
        {
            // There is no such alias.
        }
    }

    /// <summary>Finds <c>runs:/ID/NAME</c> among the models that MLflow 3 logged in the run; null if it is an artifact.</summary>
    private string? FindLoggedModel(string source, CancellationToken cancellation)
    {
        if (!source.StartsWith(RunScheme, StringComparison.Ordinal)) return null;
        string[] parts = source[RunScheme.Length..].Trim('/').Split('/', 2);
        if (parts.Length == 1) return null;
        var models = LoggedModels(ReadRun(parts[0], cancellation), cancellation);
        return models.Where(model => model.Name == parts[1]).Select(model => ModelScheme + model.Id).FirstOrDefault();
    }

    private static MlflowRequest SearchVersions(string name) => MlflowRequest.Get(
        "model-versions/search", name, ("filter", Filter.All([Filter.Is("name", name)])), ("max_results", Number(VersionsPerPage)));

    /// <summary>
    /// Finds the version of a request whose answer was lost: the newest with our source and run, if the server made it since we began.
    /// The same model may have been registered before on purpose, so an old one is not ours.
    /// </summary>
    private ModelVersion? FindCreatedVersion(NewModelVersion version, string source, TimeSpan elapsed, CancellationToken cancellation)
    {
        var request = SearchVersions(version.Name);
        var (answer, now) = server.CallWithTime(request, cancellation);
        return answer.Objects("model_versions").Select(Answers.Version)
            .Where(found => found.Name == version.Name && found.Source == source && found.RunId == version.RunId)
            .Where(found => version.Tags.All(tag => found.Tags.GetValueOrDefault(tag.Key) == tag.Value))
            .Where(found => now - found.Created <= elapsed + TimeSpan.FromSeconds(2)) // the server's time has whole seconds
            .MaxBy(found => found.Version);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
