namespace WaterMeters.Ops.Tracking;

/// <summary>
/// A store of runs and models: MLflow's own database, or an MLflow server. Every call is synchronous and either has its whole effect or
/// none (where a server has no call for it, the implementation orders its requests so that a lost one can be repeated). Safe for several
/// threads. Names and values are checked by <see cref="TrackingLimits"/> before anything is written or sent.
/// </summary>
/// <remarks>
/// Every call can throw <see cref="TrackingException"/> with Busy, Unreachable, Unauthorized, Refused, Damaged or UnknownSchema, and
/// <see cref="OperationCanceledException"/>; the faults that are special to a call are listed with it.
/// </remarks>
public interface ITrackingStore : IDisposable
{
    /// <summary>Address as MLflow writes it: <c>sqlite:///...</c> or <c>https://...</c>, without credentials.</summary>
    string Address { get; }

    /// <summary>Whether the store is on this machine and needs no network.</summary>
    bool IsLocal { get; }

    /// <summary>Address of the web page of a run; null if the store has none.</summary>
    string? PageOf(Run run);

    /// <summary>Address of the web page of a model version; null if the store has none.</summary>
    string? PageOf(ModelVersion version);

    /// <summary>Lists the active experiments in the order of their identifiers.</summary>
    IReadOnlyList<Experiment> ListExperiments(CancellationToken cancellation);

    /// <summary>Finds an active experiment by name; null if there is none.</summary>
    Experiment? FindExperiment(string name, CancellationToken cancellation);

    /// <summary>Returns the experiment of a name, and creates it if there is none.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.Deleted"/>: a deleted experiment has this name.</exception>
    Experiment GetOrCreateExperiment(string name, CancellationToken cancellation);

    /// <summary>Creates a run with status <see cref="RunStatus.Running"/>.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: no such experiment.</exception>
    Run CreateRun(NewRun run, CancellationToken cancellation);

    /// <summary>Changes the state of a run; <paramref name="ended"/> is null for one that runs again.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>; <see cref="TrackingFault.Deleted"/>.</exception>
    Run UpdateRun(string runId, RunStatus status, DateTimeOffset? ended, CancellationToken cancellation);

    /// <summary>Reads a run, deleted ones too.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>.</exception>
    Run GetRun(string runId, CancellationToken cancellation);

    /// <summary>Reads several runs at once, in no particular order; those that do not exist are left out.</summary>
    IReadOnlyList<Run> GetRuns(IReadOnlyCollection<string> runIds, CancellationToken cancellation);

    /// <summary>Lists runs, the newest first.</summary>
    IReadOnlyList<Run> ListRuns(RunQuery query, CancellationToken cancellation);

    /// <summary>Logs metrics, parameters and tags to a run.</summary>
    /// <exception cref="TrackingException">
    /// <see cref="TrackingFault.NotFound"/>; <see cref="TrackingFault.Deleted"/>; <see cref="TrackingFault.InvalidValue"/>: among others,
    /// a parameter that has another value already.
    /// </exception>
    void Log(string runId, RunBatch batch, CancellationToken cancellation);

    /// <summary>Reads all values of a metric, in the order of step and time.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: no such run.</exception>
    IReadOnlyList<Metric> GetMetricHistory(string runId, string key, CancellationToken cancellation);

    /// <summary>The artifacts of a run.</summary>
    /// <exception cref="TrackingException">
    /// <see cref="TrackingFault.NotFound"/>; <see cref="TrackingFault.UnsupportedAddress"/>.
    /// </exception>
    IArtifactFolder ArtifactsOf(Run run, CancellationToken cancellation);

    /// <summary>The files of a model version: what its source resolves to.</summary>
    /// <exception cref="TrackingException">
    /// <see cref="TrackingFault.NotFound"/>; <see cref="TrackingFault.UnsupportedAddress"/>.
    /// </exception>
    IArtifactFolder ArtifactsOf(ModelVersion version, CancellationToken cancellation);

    /// <summary>Lists the registered models by name.</summary>
    IReadOnlyList<RegisteredModel> ListModels(CancellationToken cancellation);

    /// <summary>Finds a registered model; null if there is none.</summary>
    RegisteredModel? FindModel(string name, CancellationToken cancellation);

    /// <summary>Returns the registered model of a name, and creates it if there is none.</summary>
    RegisteredModel GetOrCreateModel(string name, string description, CancellationToken cancellation);

    /// <summary>Creates the next version of a registered model, with its tags.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: no such model or run.</exception>
    ModelVersion CreateVersion(NewModelVersion version, CancellationToken cancellation);

    /// <summary>Reads a version.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>.</exception>
    ModelVersion GetVersion(string name, int version, CancellationToken cancellation);

    /// <summary>Finds the version that an alias leads to; null if there is no such alias or model.</summary>
    ModelVersion? FindAlias(string name, string aliasName, CancellationToken cancellation);

    /// <summary>Lists the versions of a model, the newest first; an empty list if there is no such model.</summary>
    IReadOnlyList<ModelVersion> ListVersions(string name, CancellationToken cancellation);

    /// <summary>Sets tags of a version; other tags stay.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>.</exception>
    void SetVersionTags(string name, int version, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation);

    /// <summary>
    /// Changes the stage of a version, and archives the others and sets the alias if the request says so. Each change is recorded with
    /// time, user and reason (<see cref="StageHistory"/>).
    /// </summary>
    /// <exception cref="TrackingException">
    /// <see cref="TrackingFault.NotFound"/>; <see cref="TrackingFault.Refused"/>: see <see cref="StageRequest.MayReplace"/>.
    /// </exception>
    StageResult SetStage(StageRequest request, CancellationToken cancellation);

    /// <summary>Sets an alias, also away from another version.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>; <see cref="TrackingFault.InvalidValue"/>.</exception>
    void SetAlias(string name, string aliasName, int version, CancellationToken cancellation);

    /// <summary>Removes an alias; nothing happens if there is none.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: no such model.</exception>
    void DeleteAlias(string name, string aliasName, CancellationToken cancellation);
}
