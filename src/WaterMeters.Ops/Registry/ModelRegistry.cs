using System.Globalization;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Registry;

/// <summary>The versions of one registered model: what they are, and the changes of their stages.</summary>
/// <param name="store">The store.</param>
/// <param name="name">Name of the registered model.</param>
public sealed class ModelRegistry(ITrackingStore store, string name)
{
    /// <summary>Lists the versions, newest first.</summary>
    /// <param name="archived">Whether archived versions are listed too.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: there is no version at all.</exception>
    public IReadOnlyList<RegisteredModelVersion> List(bool archived, CancellationToken cancellation)
    {
        var versions = Versions(cancellation);
        return Records(archived ? versions : [.. versions.Where(version => version.Stage != RegistryStage.Archived)], cancellation);
    }

    /// <summary>Lists the versions that are in a stage, newest first.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: none is in it.</exception>
    public IReadOnlyList<RegisteredModelVersion> InStage(ModelStage stage, CancellationToken cancellation)
    {
        var versions = Versions(cancellation);
        ModelVersion[] found = [.. versions.Where(version => version.Stage == (RegistryStage)stage)];
        if (found.Length > 0) return Records(found, cancellation);
        throw NotFound(stage.ToString(),
            $"has no version in stage {stage}. Get-WmsModel -All lists the {versions.Count} that there are; Set-WmsModelStage changes "
            + "their stages.");
    }

    /// <summary>Returns the version that a text names.</summary>
    /// <param name="reference">A stage, an alias, a version, a run, or an address of MLflow.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>; <see cref="TrackingFault.InvalidValue"/>.</exception>
    public RegisteredModelVersion Get(string reference, CancellationToken cancellation) =>
        VersionRecords.Of(store, Resolve(reference, cancellation), cancellation);

    /// <summary>Returns the version that was in a stage at a time, as it was then.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: none was in it.</exception>
    public RegisteredModelVersion At(ModelStage stage, DateTimeOffset time, CancellationToken cancellation)
    {
        var versions = Versions(cancellation);
        if (StageHistory.At(versions, (RegistryStage)stage, time) is { } change)
        {
            return VersionRecords.At(
                VersionRecords.Of(store, versions.First(version => version.Version == change.Version), cancellation), change);
        }

        var first = StageHistory.Of(versions).FirstOrDefault(change => change.To == (RegistryStage)stage && change.Time > time);
        string next = first is null
            ? "Get-WmsModel -All lists its versions."
            : string.Create(CultureInfo.InvariantCulture,
                $"The next that came there is version {first.Version}, at {first.Time.LocalDateTime:yyyy-MM-dd HH:mm:ss}.");
        throw NotFound(stage.ToString(), string.Create(
            CultureInfo.InvariantCulture, $"had no version in stage {stage} at {time.LocalDateTime:yyyy-MM-dd HH:mm:ss}. {next}"));
    }

    /// <summary>Plans a change of stage.</summary>
    /// <param name="reference">Names the version, see <see cref="Get"/>.</param>
    /// <param name="stage">The new stage.</param>
    /// <param name="cancellation">Stops the work.</param>
    public StagePlan Plan(string reference, ModelStage stage, CancellationToken cancellation) =>
        Plan(Resolve(reference, cancellation), stage, store.ListVersions(name, cancellation), cancellation);

    /// <summary>Plans the return to the version that was in a stage before the one that is there now.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: none was.</exception>
    public StagePlan PlanPrevious(ModelStage stage, CancellationToken cancellation)
    {
        var versions = Versions(cancellation);
        var current = versions.FirstOrDefault(version => version.Stage == (RegistryStage)stage);
        var last = StageHistory.Of(versions)
            .LastOrDefault(change => change.To == (RegistryStage)stage && change.Version != current?.Version);
        if (last is not null)
        {
            return Plan(versions.First(version => version.Version == last.Version), stage, versions, cancellation);
        }

        string before = current is null ? "" : string.Create(CultureInfo.InvariantCulture, $" version {current.Version}");
        throw NotFound(
            stage.ToString(), $"has no version that was in stage {stage} before{before}. Name one: Set-WmsModelStage VERSION {stage}.");
    }

    /// <summary>Makes a change of stage: archives the versions it replaces, and moves the aliases that follow the stages.</summary>
    /// <param name="plan">The change.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="mayReplace">The only versions that it may replace; null: any.</param>
    /// <returns>The changed version, then those that were archived with it.</returns>
    public IReadOnlyList<RegisteredModelVersion> Apply(
        StagePlan plan, string reason, CancellationToken cancellation, IReadOnlyCollection<int>? mayReplace = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var stage = (RegistryStage)plan.Stage;
        var result = store.SetStage(
            new StageRequest
            {
                Name = name,
                Version = plan.Version.Version,
                Stage = stage,
                ArchiveOthers = stage is RegistryStage.Staging or RegistryStage.Production,
                MayReplace = mayReplace,
                Alias = StageAliases.Of(stage),
                By = Environment.UserName,
                Time = DateTimeOffset.UtcNow,
                Reason = reason.Length <= TrackingLimits.Reason ? reason : reason[..(TrackingLimits.Reason - 3)] + "...",
            },
            cancellation);
        ModelVersion[] changed = [result.Version, .. result.Archived];
        bool outdated = false;
        foreach (string alias in changed.SelectMany(StageAliases.Outdated))
        {
            store.DeleteAlias(name, alias, cancellation);
            outdated = true;
        }

        if (outdated) changed = [.. changed.Select(version => store.GetVersion(name, version.Version, cancellation))];
        return Records(changed, cancellation);
    }

    /// <summary>Returns the version that a text names, as the store has it.</summary>
    internal ModelVersion Resolve(string reference, CancellationToken cancellation)
    {
        var parsed = ModelReference.Parse(reference) ?? throw new TrackingException(
            TrackingFault.NotFound,
            reference,
            $"'{reference}' does not name a model of the registry. Use a stage (Production), an alias (@champion), a version (3), "
            + "runs:/ID or models:/NAME/VERSION.");
        if (parsed.Model is { } other && other != name)
        {
            throw new TrackingException(
                TrackingFault.InvalidValue, reference, $"'{reference}' names the model '{other}', not '{name}'. Use -ModelName {other}.");
        }

        return ModelResolver.Resolve(store, parsed, name, cancellation) ?? throw new TrackingException(
            TrackingFault.NotFound,
            reference,
            $"The model '{name}' has no version that was made of the run {parsed.Value}. Register it with Publish-WmsModel "
            + $"runs:/{parsed.Value}.");
    }

    private StagePlan Plan(ModelVersion version, ModelStage stage, IReadOnlyList<ModelVersion> versions, CancellationToken cancellation)
    {
        bool replaces = stage is ModelStage.Staging or ModelStage.Production;
        ModelVersion[] replaced =
        [
            .. versions.Where(other => replaces && other.Stage == (RegistryStage)stage && other.Version != version.Version),
        ];
        var records = Records([version, .. replaced], cancellation);
        return new StagePlan(records[0], stage, [.. records.Skip(1)]);
    }

    private IReadOnlyList<ModelVersion> Versions(CancellationToken cancellation) =>
        store.ListVersions(name, cancellation) is { Count: > 0 } versions
            ? versions
            : throw NotFound(name, "has no version. Register one with Publish-WmsModel.");

    private IReadOnlyList<RegisteredModelVersion> Records(IReadOnlyCollection<ModelVersion> versions, CancellationToken cancellation) =>
        VersionRecords.Of(store, versions, cancellation);

    private TrackingException NotFound(string target, string what) =>
        new(TrackingFault.NotFound, target, $"The model '{name}' in '{store.Address}' {what}");
}
