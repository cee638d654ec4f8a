using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Registry;

/// <summary>Copies a version to models/production.*, where the other cmdlets find it without a network.</summary>
public static class ModelSynchronizer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Returns the folder for the model: that of the nearest models/production.*, else models beside the nearest wms.yaml, else models in
    /// the location.
    /// </summary>
    /// <param name="location">Absolute path of the session's location.</param>
    /// <param name="project">Absolute path of the folder of the nearest wms.yaml; null when there is none.</param>
    public static string FolderFor(string location, string? project) =>
        ProductionModel.Nearest(location) is { } file ? Path.GetDirectoryName(file)! : Path.Combine(project ?? location, "models");

    /// <summary>Finds the version, and what it would replace; writes nothing.</summary>
    /// <exception cref="TrackingException">There is no such version, or the store cannot be read.</exception>
    public static SyncPlan Plan(ITrackingStore store, string name, string reference, string folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var version = new ModelRegistry(store, name).Resolve(reference, cancellation);
        var record = VersionRecords.Of(store, version, cancellation);
        string? file = SyncedModel.FileIn(folder), digest = file is null ? null : ModelFile.Digest(file);
        var synced = SyncedModel.Read(folder) is { } read && (read.Digest is null || read.Digest == digest) ? read : null;

        // Without a digest in the registry, the same number of the same store is the same model.
        bool isSame = synced is not null && synced.Version == version.Version && (synced.Name ?? name) == name
            && (VersionFiles.DigestOf(version) is { } registered
                ? registered.Equals(digest, StringComparison.OrdinalIgnoreCase)
                : synced.Digest is not null && synced.TrackingUri == store.Address);
        return new SyncPlan
        {
            Version = record,
            Folder = folder,
            IsCurrent = isSame && file is not null,
            CurrentPath = file,
            CurrentVersion = file is null ? null : synced?.Version,
            Source = version,
        };
    }

    /// <summary>Downloads the version, checks it, and puts it into place; at any moment one complete model is there.</summary>
    /// <exception cref="TrackingException">It cannot be downloaded, or is not what was registered; nothing was replaced.</exception>
    /// <exception cref="ModelException">It is not a model, or a file cannot be written.</exception>
    public static ModelSync Apply(ITrackingStore store, SyncPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(plan);
        string temporary = Directory.CreateTempSubdirectory("watermeters-sync-").FullName;
        try
        {
            var model = VersionFiles.Download(store, plan.Source, temporary, cancellation);
            var run = plan.Source.RunId.Length == 0 ? null : store.GetRuns([plan.Source.RunId], cancellation).FirstOrDefault();
            cancellation.ThrowIfCancellationRequested();
            string target = Path.Combine(plan.Folder, "production" + Path.GetExtension(model.Path));
            string digest = ModelFile.FileDigest(model.Path);
            var now = DateTimeOffset.Now;
            string? replaced;
            using (TakeFolder(plan.Folder, target))
            {
                replaced = ProductionModel.Replace(model.Path, digest, target);
                SyncedModel.Write(plan.Folder, plan.Version, run, target, digest, now);
            }

            return Result(plan, ModelSyncOutcome.Updated, target, now) with { ModelDigest = digest, ReplacedPath = replaced };
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    /// <summary>Returns the record of a version that is there already.</summary>
    public static ModelSync Current(SyncPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Result(plan, ModelSyncOutcome.Current, plan.CurrentPath!, SyncedModel.Read(plan.Folder)!.Time);
    }

    /// <summary>Returns what a folder has of an earlier synchronization, if the store cannot be reached; null without a model.</summary>
    /// <param name="folder">Absolute path of the folder.</param>
    /// <param name="name">Name of the registered model.</param>
    /// <param name="address">Address of the store, without credentials.</param>
    public static ModelSync? Cached(string folder, string name, string address)
    {
        if (SyncedModel.FileIn(folder) is not { } file) return null;
        string digest = ModelFile.Digest(file);
        var synced = SyncedModel.Read(folder) is { } read && (read.Digest is null || read.Digest == digest) ? read : null;
        return new ModelSync
        {
            ModelName = synced?.Name ?? name,
            Outcome = ModelSyncOutcome.Cached,
            PreviousVersion = synced?.Version,
            Version = synced?.Version,
            Stage = synced?.Stage,
            ModelPath = file,
            ModelDigest = digest,
            Bytes = new FileInfo(file).Length,
            Synced = synced?.Time.LocalDateTime ?? File.GetLastWriteTime(file),
            TrackingUri = address,
        };
    }

    /// <summary>Returns in words what a cached model is and how old it is.</summary>
    public static string Describe(ModelSync cached)
    {
        ArgumentNullException.ThrowIfNull(cached);
        string which = cached.Version is { } version
            ? FormattableString.Invariant($"version {version}{(cached.Stage is { } stage ? $" ({stage})" : "")} of '{cached.ModelName}'")
            : "of an unknown version";
        return $"'{cached.ModelPath}' is {which}, copied {SyncedModel.Age(DateTime.Now - cached.Synced)} ago";
    }

    /// <summary>
    /// Whether an earlier copy may stand in for what was asked while the store cannot be reached: for the version in production any copy of
    /// that model, as predictions use it too; for another stage or a version only the copy of that one.
    /// </summary>
    /// <param name="cached">The copy.</param>
    /// <param name="name">Name of the registered model.</param>
    /// <param name="reference">What was asked for.</param>
    public static bool MayStandIn(ModelSync cached, string name, string reference)
    {
        ArgumentNullException.ThrowIfNull(cached);
        return cached.ModelName == name && ModelReference.Parse(reference) switch
        {
            { Kind: ModelReferenceKind.Stage, Value: nameof(RegistryStage.Production) } => true,
            { Kind: ModelReferenceKind.Alias, Value: StageAliases.Champion } => true,
            { Kind: ModelReferenceKind.Stage } stage => cached.Stage?.ToString() == stage.Value,
            { Kind: ModelReferenceKind.Version } version => cached.Version?.ToString(CultureInfo.InvariantCulture) == version.Value,
            _ => false, // which version it is, only the store knows
        };
    }

    /// <summary>Whether an error means that the store cannot be reached now, so that an earlier copy may do.</summary>
    public static bool IsOffline(TrackingException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.Fault is TrackingFault.Unreachable or TrackingFault.Busy;
    }

    private static ModelSync Result(SyncPlan plan, ModelSyncOutcome outcome, string file, DateTimeOffset time) => new()
    {
        ModelName = plan.Version.ModelName,
        Outcome = outcome,
        PreviousVersion = plan.CurrentVersion,
        Version = plan.Version.Version,
        Stage = plan.Version.Stage,
        ModelPath = file,
        ModelDigest = ModelFile.FileDigest(file),
        Bytes = new FileInfo(file).Length,
        Synced = time.LocalDateTime,
        TrackingUri = plan.Version.TrackingUri,
    };

    private static FileLock TakeFolder(string folder, string target)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return FileLock.Take(Path.Combine(folder, "production_history.lock"), Patience) ?? throw new ModelException(
                target, $"'{target}' was not replaced: another process is copying a model there. Try again when it has finished.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(
                target, $"Cannot write to '{folder}': {e.Sentence()} Fix its permissions, or choose another folder with -OutputPath.", e);
        }
    }
}
