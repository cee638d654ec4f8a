using WaterMeters.Ops.Tracking.Artifacts;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>
/// Runs and models in an MLflow database on this machine, with artifacts in <c>mlruns</c> beside it. The database is created by the first
/// call that writes; until then the store is empty. Several processes and threads, and MLflow itself, can use it at the same time.
/// </summary>
public sealed class SqliteTrackingStore : ITrackingStore
{
    /// <summary>The workspace of databases that have workspaces, unless another one is named.</summary>
    public const string DefaultWorkspace = "default";

    private readonly Database database;
    private readonly Func<string, IArtifactFolder?>? openElsewhere;

    /// <summary>Creates the store; touches no file but looks whether the folder has a store of another kind.</summary>
    /// <param name="path">Absolute path of the database file.</param>
    /// <param name="workspace">Workspace, where a database has workspaces.</param>
    /// <param name="openElsewhere">Opens artifacts that are not in a folder of this machine, such as S3; null for an unknown kind.</param>
    /// <exception cref="TrackingException"><see cref="TrackingFault.UnsupportedAddress"/>: the folder has a folder store.</exception>
    public SqliteTrackingStore(
        string path, string workspace = DefaultWorkspace, Func<string, IArtifactFolder?>? openElsewhere = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (database, this.openElsewhere, Address) = (new Database(path, workspace), openElsewhere, SqliteAddress.Of(path));
        string folder = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? path, "mlruns");
        if (!File.Exists(path) && FolderStore.IsOne(folder)) throw FolderStore.Refusal(folder, Address);
    }

    /// <inheritdoc/>
    public string Address { get; }

    /// <summary>Path of the database file.</summary>
    public string Path => database.Path;

    /// <inheritdoc/>
    public bool IsLocal => true;

    /// <inheritdoc/>
    public string? PageOf(Run run) => null;

    /// <inheritdoc/>
    public string? PageOf(ModelVersion version) => null;

    /// <inheritdoc/>
    public IReadOnlyList<Experiment> ListExperiments(CancellationToken cancellation) =>
        database.Read(ExperimentTable.List, () => [], cancellation);

    /// <inheritdoc/>
    public Experiment? FindExperiment(string name, CancellationToken cancellation) =>
        database.Read(session => ExperimentTable.Find(session, name), () => null, cancellation);

    /// <inheritdoc/>
    public Experiment GetOrCreateExperiment(string name, CancellationToken cancellation)
    {
        TrackingLimits.CheckExperimentName(name);
        return FindExperiment(name, cancellation)
            ?? database.Write(session => ExperimentTable.GetOrCreate(session, name), cancellation);
    }

    /// <inheritdoc/>
    public Run CreateRun(NewRun run, CancellationToken cancellation)
    {
        TrackingLimits.Check(run);
        return database.Write(session => RunTable.Create(session, run), cancellation);
    }

    /// <inheritdoc/>
    public Run UpdateRun(string runId, RunStatus status, DateTimeOffset? ended, CancellationToken cancellation) =>
        database.Write(session => RunTable.Update(session, runId, status, ended), cancellation);

    /// <inheritdoc/>
    public Run GetRun(string runId, CancellationToken cancellation) =>
        database.Read(session => RunTable.Get(session, runId), () => throw RunTable.NotFound(Path, runId), cancellation);

    /// <inheritdoc/>
    public IReadOnlyList<Run> GetRuns(IReadOnlyCollection<string> runIds, CancellationToken cancellation) =>
        database.Read(session => RunTable.GetMany(session, runIds), () => [], cancellation);

    /// <inheritdoc/>
    public IReadOnlyList<Run> ListRuns(RunQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return database.Read(session => RunTable.List(session, query), () => [], cancellation);
    }

    /// <inheritdoc/>
    public void Log(string runId, RunBatch batch, CancellationToken cancellation)
    {
        TrackingLimits.Check(batch);
        database.Write(
            session =>
            {
                RunLog.Log(session, runId, batch);
                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Metric> GetMetricHistory(string runId, string key, CancellationToken cancellation) =>
        database.Read(session => RunLog.History(session, runId, key), () => throw RunTable.NotFound(Path, runId), cancellation);

    /// <inheritdoc/>
    public IArtifactFolder ArtifactsOf(Run run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Open(run.ArtifactAddress);
    }

    /// <inheritdoc/>
    public IArtifactFolder ArtifactsOf(ModelVersion version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(version);
        return Open(database.Read(
            session => VersionSource.AddressOf(session, version), () => throw ModelTable.NotFound(Path, version.Name), cancellation));
    }

    /// <inheritdoc/>
    public IReadOnlyList<RegisteredModel> ListModels(CancellationToken cancellation) =>
        database.Read(ModelTable.List, () => [], cancellation);

    /// <inheritdoc/>
    public RegisteredModel? FindModel(string name, CancellationToken cancellation) =>
        database.Read(session => ModelTable.Find(session, name), () => null, cancellation);

    /// <inheritdoc/>
    public RegisteredModel GetOrCreateModel(string name, string description, CancellationToken cancellation)
    {
        TrackingLimits.CheckModelName(name);
        TrackingLimits.CheckDescription(description);
        return FindModel(name, cancellation)
            ?? database.Write(session => ModelTable.GetOrCreate(session, name, description), cancellation);
    }

    /// <inheritdoc/>
    public ModelVersion CreateVersion(NewModelVersion version, CancellationToken cancellation)
    {
        TrackingLimits.Check(version);
        return database.Write(session => VersionTable.Create(session, version), cancellation);
    }

    /// <inheritdoc/>
    public ModelVersion GetVersion(string name, int version, CancellationToken cancellation) =>
        database.Read(session => VersionTable.Get(session, name, version), () => throw ModelTable.NotFound(Path, name), cancellation);

    /// <inheritdoc/>
    public ModelVersion? FindAlias(string name, string aliasName, CancellationToken cancellation) =>
        database.Read(session => VersionTable.FindAlias(session, name, aliasName), () => null, cancellation);

    /// <inheritdoc/>
    public IReadOnlyList<ModelVersion> ListVersions(string name, CancellationToken cancellation) =>
        database.Read(session => VersionTable.List(session, name), () => [], cancellation);

    /// <inheritdoc/>
    public void SetVersionTags(string name, int version, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
    {
        TrackingLimits.CheckTags(tags);
        database.Write(
            session =>
            {
                _ = VersionTable.Get(session, name, version);
                VersionTable.SetTags(session, name, version, tags);
                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public StageResult SetStage(StageRequest request, CancellationToken cancellation)
    {
        TrackingLimits.Check(request);
        return database.Write(session => VersionTable.SetStage(session, request), cancellation);
    }

    /// <inheritdoc/>
    public void SetAlias(string name, string aliasName, int version, CancellationToken cancellation)
    {
        TrackingLimits.CheckAlias(aliasName);
        database.Write(
            session =>
            {
                _ = VersionTable.Get(session, name, version);
                ModelTable.SetAlias(session, name, aliasName, version);
                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public void DeleteAlias(string name, string aliasName, CancellationToken cancellation) => database.Write(
        session =>
        {
            ModelTable.Require(session, name);
            ModelTable.DeleteAlias(session, name, aliasName);
            return true;
        },
        cancellation);

    /// <summary>Returns the folder of a version by its source alone, without reading the database; null if that names none here.</summary>
    internal string? FolderOf(ModelVersion version) => ArtifactAddress.PathOf(version.Source, Path);

    /// <summary>Does nothing: no file stays open between two calls.</summary>
    public void Dispose()
    {
    }

    private IArtifactFolder Open(string address) =>
        ArtifactAddress.PathOf(address, Path) is { } folder
            ? new LocalArtifactFolder(folder)
            : openElsewhere?.Invoke(address) ?? throw new TrackingException(
                TrackingFault.UnsupportedAddress,
                address,
                $"The artifacts are at '{address}', which can be reached only through the MLflow server that wrote it. "
                    + "Set MLFLOW_TRACKING_URI to that server.");
}
