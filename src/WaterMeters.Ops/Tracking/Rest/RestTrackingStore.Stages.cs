using System.Text.Json.Nodes;

namespace WaterMeters.Ops.Tracking.Rest;

public sealed partial class RestTrackingStore
{
    /// <inheritdoc/>
    /// <remarks>
    /// The stages change in one request, then the records, then the alias. Every request may be sent again: after an error, the same call
    /// completes what is missing. MLflow has no change under a condition: a version that comes into the stage between the check of
    /// <see cref="StageRequest.MayReplace"/> and the change is archived.
    /// </remarks>
    public StageResult SetStage(StageRequest request, CancellationToken cancellation)
    {
        TrackingLimits.Check(request);
        var version = GetVersion(request.Name, request.Version, cancellation);

        var all = ListVersions(request.Name, cancellation);

        // Only stages in use can be exclusive.
        bool archive = request.ArchiveOthers && request.Stage is RegistryStage.Staging or RegistryStage.Production;
        ModelVersion[] others = archive
            ? [.. all.Where(other => other.Version != request.Version && other.Stage == request.Stage)]
            : [];
        request.CheckReplaced(others);

        // The clocks of those who promote differ; the order of their changes must not.
        var time = StageHistory.TimeAfter(all, request.Time);
        var body = new JsonObject
        {
            ["name"] = request.Name,
            ["version"] = Number(request.Version),
            ["stage"] = request.Stage.ToString(),
            ["archive_existing_versions"] = archive,
        };
        string target = $"{request.Name}/{Number(request.Version)}";
        server.Call(MlflowRequest.Post("model-versions/transition-stage", target, body), cancellation);

        foreach (var other in others) Record(other, other.Stage, RegistryStage.Archived);
        var from = version.Stage != request.Stage ? version.Stage : Recorded(version);
        Record(version, from, request.Stage);
        if (request.Alias is { } alias) SetAlias(request.Name, alias, request.Version, cancellation);

        return new StageResult(
            GetVersion(request.Name, request.Version, cancellation),
            from,
            [.. others.Select(other => GetVersion(other.Name, other.Version, cancellation))]);

        void Record(ModelVersion changed, RegistryStage before, RegistryStage after)
        {
            if (before == after) return;
            var tag = new Dictionary<string, string>
            {
                [StageHistory.KeyOf(time)] = StageHistory.ValueOf(before, after, request.By, request.Reason),
            };
            SetVersionTags(changed.Name, changed.Version, tag, cancellation);
        }
    }

    /// <summary>The stage that the last record of a version says.</summary>
    private static RegistryStage Recorded(ModelVersion version) =>
        StageHistory.Of([version]).LastOrDefault(change => change.IsRecorded)?.To ?? RegistryStage.None;
}
