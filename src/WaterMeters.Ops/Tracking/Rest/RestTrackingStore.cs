using System.Text.Json.Nodes;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>Runs and models on an MLflow server, over its REST API.</summary>
public sealed partial class RestTrackingStore : ITrackingStore
{
    private const int RunsPerPage = 1000, ExperimentsPerPage = 1000;

    private readonly MlflowConnection server;

    /// <summary>Creates the store; nothing is sent yet.</summary>
    public RestTrackingStore(MlflowSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        server = new MlflowConnection(settings);
    }

    /// <inheritdoc/>
    public string Address => server.Address.ToString().TrimEnd('/');

    /// <summary>The workspace; null for a server without workspaces.</summary>
    public string? Workspace => server.Settings.Workspace;

    /// <inheritdoc/>
    public bool IsLocal => false;

    /// <inheritdoc/>
    public void Dispose() => server.Dispose();

    /// <inheritdoc/>
    public string? PageOf(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return $"{Address}/#/experiments/{run.ExperimentId}/runs/{run.Id}";
    }

    /// <inheritdoc/>
    public string? PageOf(ModelVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return FormattableString.Invariant($"{Address}/#/models/{Uri.EscapeDataString(version.Name)}/versions/{version.Version}");
    }

    /// <inheritdoc/>
    public IReadOnlyList<Experiment> ListExperiments(CancellationToken cancellation)
    {
        var body = new JsonObject { ["view_type"] = "ACTIVE_ONLY", ["max_results"] = ExperimentsPerPage };
        return
        [
            .. server.Pages(MlflowRequest.Post("experiments/search", "experiments", body), "experiments", cancellation)
                .Select(Answers.Experiment)
                .OrderBy(experiment => experiment.Id.Length)
                .ThenBy(experiment => experiment.Id, StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc/>
    public Experiment? FindExperiment(string name, CancellationToken cancellation)
    {
        TrackingLimits.CheckExperimentName(name);
        return ReadExperiment(name, cancellation) is { } found && !Answers.IsDeleted(found) ? Answers.Experiment(found) : null;
    }

    /// <inheritdoc/>
    public Experiment GetOrCreateExperiment(string name, CancellationToken cancellation)
    {
        TrackingLimits.CheckExperimentName(name);
        if (ReadExperiment(name, cancellation) is { } existing) return Active(existing, name);
        try
        {
            // Repeated without asking: a second experiment of this name is refused.
            server.Call(MlflowRequest.Post("experiments/create", name, new JsonObject { ["name"] = name }), cancellation);
        }
        catch (TrackingException e) when (e.Fault is TrackingFault.AlreadyExists or TrackingFault.Deleted)
        {
            // Another process was faster, or the answer to our first attempt was lost.
        }

        var created = ReadExperiment(name, cancellation)
            ?? throw new TrackingException(
                TrackingFault.Damaged,
                name,
                $"'{Address}' created the experiment '{name}' and does not find it. Look at the server's log.");
        return Active(created, name);
    }

    /// <inheritdoc/>
    public Run CreateRun(NewRun run, CancellationToken cancellation)
    {
        TrackingLimits.Check(run);
        var tags = new Dictionary<string, string>(run.Tags, StringComparer.Ordinal);
        if (run.User.Length > 0) tags.TryAdd(MlflowTags.User, run.User);
        long start = run.Start.ToUnixTimeMilliseconds();
        var request = MlflowRequest.Post("runs/create", run.Name, new JsonObject
        {
            ["experiment_id"] = run.ExperimentId,
            ["user_id"] = run.User.Length > 0 ? run.User : Answers.UnknownUser,
            ["run_name"] = run.Name,
            ["start_time"] = start,
            ["tags"] = tags.ToJson(),
        });
        return server.Repeat(
            mayBeDone => mayBeDone && FindCreatedRun(run, start, cancellation) is { } found
                ? found
                : Answers.Run(server.CallOnce(request, cancellation).Object("run")),
            cancellation);
    }

    /// <inheritdoc/>
    public Run UpdateRun(string runId, RunStatus status, DateTimeOffset? ended, CancellationToken cancellation)
    {
        var run = GetRun(runId, cancellation);
        if (run.IsDeleted)
        {
            throw new TrackingException(TrackingFault.Deleted, runId,
                $"The run '{run.Name}' ({runId}) was deleted. Restore it with 'mlflow runs restore --run-id {runId}', or start another.");
        }

        var body = new JsonObject { ["run_uuid"] = runId, ["status"] = NameOf(status) };
        if (ended is { } end) body["end_time"] = end.ToUnixTimeMilliseconds();
        body["run_id"] = runId;
        var info = server.Call(MlflowRequest.Post("runs/update", runId, body), cancellation).Object("run_info");
        return run with { Status = status, End = info.TimeOrNull("end_time") ?? ended };
    }

    /// <inheritdoc/>
    public Run GetRun(string runId, CancellationToken cancellation) => Answers.Run(ReadRun(runId, cancellation));

    /// <inheritdoc/>
    public IReadOnlyList<Run> GetRuns(IReadOnlyCollection<string> runIds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runIds);
        var parallel = runIds.Distinct(StringComparer.Ordinal).AsParallel().WithDegreeOfParallelism(4).Select(runId =>
        {
            try
            {
                return GetRun(runId, cancellation);
            }
            catch (TrackingException e) when (e.Fault is TrackingFault.NotFound or TrackingFault.InvalidValue)
            {
                return null;
            }
        });
        try
        {
            return [.. parallel.OfType<Run>()];
        }
        catch (AggregateException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw e.InnerExceptions.OfType<TrackingException>().FirstOrDefault() ?? e.InnerExceptions[0];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Run> ListRuns(RunQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        string[] experiments = query.ExperimentIds?.ToArray() ?? [.. ListExperiments(cancellation).Select(experiment => experiment.Id)];
        if (experiments.Length == 0 || query.Limit is <= 0) return [];
        string filter = Filter.All(
        [
            query.Status is { } status ? Filter.Is("attributes.status", NameOf(status)) : null,
            query.Name is { } name ? Filter.Is("attributes.run_name", name) : null,
            .. query.Tags.Select(tag => Filter.Tag(tag.Key, tag.Value)),
        ]);
        var request = SearchRuns(experiments, filter, Math.Min(query.Limit ?? RunsPerPage, RunsPerPage));

        // Asked again here for what a filter has no way to say.
        var runs = server.Pages(request, "runs", cancellation).Select(Answers.Run).Where(run =>
            (query.Status is null || run.Status == query.Status)
            && (query.Name is null || run.Name == query.Name)
            && query.Tags.All(tag => run.Tags.TryGetValue(tag.Key, out string? value) && value == tag.Value));
        return [.. query.Limit is { } limit ? runs.Take(limit) : runs];
    }

    private static MlflowRequest SearchRuns(string[] experiments, string filter, int count)
    {
        var body = new JsonObject
        {
            ["experiment_ids"] = new JsonArray([.. experiments.Select(id => (JsonNode)id)]),
            ["run_view_type"] = "ACTIVE_ONLY",
            ["max_results"] = count,
            ["order_by"] = new JsonArray("start_time DESC"),
        };
        if (filter.Length > 0) body["filter"] = filter;
        return MlflowRequest.Post("runs/search", "runs", body);
    }

    private JsonObject ReadRun(string runId, CancellationToken cancellation) =>
        server.Call(MlflowRequest.Get("runs/get", runId, ("run_uuid", runId), ("run_id", runId)), cancellation).Object("run");

    private JsonObject? ReadExperiment(string name, CancellationToken cancellation)
    {
        try
        {
            var request = MlflowRequest.Get("experiments/get-by-name", name, ("experiment_name", name));
            return server.Call(request, cancellation).Object("experiment");
        }
        catch (TrackingException e) when (e.Fault == TrackingFault.NotFound)
        {
            return null;
        }
    }

    private Experiment Active(JsonObject found, string name)
    {
        var experiment = Answers.Experiment(found);
        if (!Answers.IsDeleted(found)) return experiment;
        throw new TrackingException(TrackingFault.Deleted, name,
            $"The experiment '{name}' was deleted on the MLflow server '{Address}', and its name is still taken. Restore it with "
            + $"'mlflow experiments restore --experiment-id {experiment.Id}', or choose another name.");
    }

    /// <summary>Finds the run of a request whose answer was lost: it has our start, to the millisecond, and our name.</summary>
    private Run? FindCreatedRun(NewRun run, long start, CancellationToken cancellation)
    {
        string isStart = FormattableString.Invariant($"attributes.start_time = {start}");
        string filter = Filter.All([isStart, Filter.Is("attributes.run_name", run.Name)]);
        return server.CallOnce(SearchRuns([run.ExperimentId], filter, 10), cancellation).Objects("runs")
            .Select(Answers.Run)
            .FirstOrDefault(found => found.Name == run.Name && found.Start.ToUnixTimeMilliseconds() == start);
    }

    private static string NameOf(RunStatus status) => status.ToString().ToUpperInvariant();
}
