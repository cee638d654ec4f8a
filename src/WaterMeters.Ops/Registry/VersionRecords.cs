using System.Globalization;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;

namespace WaterMeters.Ops.Registry;

/// <summary>Turns versions of a store into records for the pipeline, with the scores of their runs.</summary>
internal static class VersionRecords
{
    /// <summary>Makes the records of some versions, in their order. The runs are read at once, and only theirs.</summary>
    public static IReadOnlyList<RegisteredModelVersion> Of(
        ITrackingStore store, IReadOnlyCollection<ModelVersion> versions, CancellationToken cancellation)
    {
        string[] ids = [.. versions.Select(version => version.RunId).Where(id => id.Length > 0).Distinct(StringComparer.Ordinal)];
        var runs = ids.Length == 0 ? [] : store.GetRuns(ids, cancellation).ToDictionary(run => run.Id, StringComparer.Ordinal);
        return [.. versions.Select(version => Of(store, version, runs.GetValueOrDefault(version.RunId), cancellation))];
    }

    /// <summary>Makes the record of one version.</summary>
    public static RegisteredModelVersion Of(ITrackingStore store, ModelVersion version, CancellationToken cancellation) =>
        Of(store, [version], cancellation)[0];

    /// <summary>Returns a record as it was when a change had brought the version into its stage.</summary>
    public static RegisteredModelVersion At(RegisteredModelVersion record, StageChange change) => record with
    {
        Stage = (ModelStage)change.To,
        Since = change.Time.LocalDateTime,
        By = NullIfEmpty(change.By),
        Reason = NullIfEmpty(change.Reason),
    };

    private static RegisteredModelVersion Of(ITrackingStore store, ModelVersion version, Run? run, CancellationToken cancellation)
    {
        var split = Score(run, "test_dice") is not null ? DatasetSplit.Test
            : Score(run, "val_dice") is not null ? DatasetSplit.Validation
            : (DatasetSplit?)null;
        string prefix = split == DatasetSplit.Test ? "test" : "val";
        string name = string.Create(CultureInfo.InvariantCulture, $"models:/{version.Name}/{version.Version}");
        string? file = store.IsLocal ? VersionFiles.LocalPath(store, version, cancellation) : null;
        if (file is not null) ModelName.Register(file, new LocatedModel(file, version.Name, version.Version).Label);
        var record = new RegisteredModelVersion
        {
            ModelName = version.Name,
            Version = version.Version,
            Stage = (ModelStage)version.Stage,
            Aliases = string.Join(", ", version.Aliases),
            Dice = Score(run, prefix + "_dice"),
            IoU = Score(run, prefix + "_iou"),
            Split = split,
            Since = version.Created.LocalDateTime,
            Created = version.Created.LocalDateTime,
            RunId = NullIfEmpty(version.RunId),
            RunName = run is null ? null : NullIfEmpty(run.Name),
            ModelDigest = VersionFiles.DigestOf(version),
            Model = name,
            ModelPath = store.IsLocal ? file : name,
            Source = version.Source,
            TrackingUri = store.Address,
            Url = store.PageOf(version),
        };
        return StageHistory.Of([version]).LastOrDefault(change => change.To == version.Stage) is { } last ? At(record, last) : record;
    }

    private static double? Score(Run? run, string key) =>
        run is not null && run.Metrics.TryGetValue(key, out var metric) && double.IsFinite(metric.Value) ? metric.Value : null;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
