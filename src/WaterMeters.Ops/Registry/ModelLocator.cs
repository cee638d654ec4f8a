using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Artifacts;
using WaterMeters.Ops.Tracking.Runs;

namespace WaterMeters.Ops.Registry;

/// <summary>
/// Finds the file of a model that a registry knows under a stage, an alias, a version or a run. A file on this machine is used where it is;
/// one on a server is downloaded into the cache once. When the server cannot be reached, its last answer counts, with a warning.
/// </summary>
public sealed class ModelLocator
{
    private const string ModelFolder = "model";

    /// <summary>The store.</summary>
    public required ITrackingStore Store { get; init; }

    /// <summary>Name of the registered model, if the reference has none.</summary>
    public required string DefaultModel { get; init; }

    /// <summary>Where downloaded models are kept; null if the user has no folder for it.</summary>
    public ModelCache? Cache { get; init; }

    /// <summary>Called with a warning for the user.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    /// <summary>Called with what is being done.</summary>
    public Action<string> Report { get; init; } = _ => { };

    /// <summary>Returns the file of a model.</summary>
    /// <param name="reference">What to find.</param>
    /// <param name="cancellation">Stops the search and the download.</param>
    /// <exception cref="TrackingException">
    /// <see cref="TrackingFault.NotFound"/>: there is no such version or run, or it has no model; <see cref="TrackingFault.WrongDigest"/>:
    /// its file is not the one that was registered; others: the store failed.
    /// </exception>
    public LocatedModel Locate(ModelReference reference, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return Ask(reference.Address(DefaultModel), () =>
        {
            // The path after the identifier of a run names files that need not be those of a version.
            var version = reference.Path.Length > 0 ? null : ModelResolver.Resolve(Store, reference, DefaultModel, cancellation);
            var run = version is null ? Store.GetRun(reference.Value, cancellation) : null;
            return () => version is not null ? OfVersion(version, cancellation) : OfRun(run!, reference.Path, cancellation);
        })!;
    }

    /// <summary>Returns the file of the version in production; null only if there is none.</summary>
    /// <param name="cancellation">Stops the search and the download.</param>
    /// <exception cref="TrackingException">The version has no model, or the store failed: that there is none is not known.</exception>
    public LocatedModel? InProduction(CancellationToken cancellation)
    {
        var reference = new ModelReference(ModelReferenceKind.Stage, null, nameof(RegistryStage.Production));
        return Ask(reference.Address(DefaultModel), () =>
        {
            var versions = Store.ListVersions(DefaultModel, cancellation);
            var version = versions.FirstOrDefault(v => v.Stage == RegistryStage.Production);
            return () => version is null ? null : OfVersion(version, cancellation);
        });
    }

    /// <summary>
    /// Asks the store, and then gets the file. Only for the question the last answer may stand in: an old model in place of one that is
    /// known and cannot be downloaded would be wrong.
    /// </summary>
    private LocatedModel? Ask(string reference, Func<Func<LocatedModel?>> ask)
    {
        Func<LocatedModel?> get;
        try
        {
            get = ask();
        }
        catch (TrackingException e) when (!Store.IsLocal && e.Fault is TrackingFault.Unreachable or TrackingFault.Busy)
        {
            if (Cache?.Recall(ModelCache.NameOf(Store), reference) is not { } last) throw;
            Warn(OfflineWarning(e, last));
            return new LocatedModel(last.Path, last.Name, last.Version);
        }

        var located = get();
        if (located is not null && !Store.IsLocal)
        {
            Cache?.Remember(
                new(ModelCache.NameOf(Store), reference, located.Name, located.Version, located.Path, DateTimeOffset.UtcNow));
        }

        return located;
    }

    /// <summary>Returns the file of a version.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: it has no model; others: the store failed.</exception>
    public LocatedModel OfVersion(ModelVersion version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(version);
        string label = string.Create(CultureInfo.InvariantCulture, $"version {version.Version} of '{version.Name}'");
        if (!version.IsReady)
        {
            throw new TrackingException(
                TrackingFault.NotFound,
                version.Name,
                $"The registration of {label} in '{Store.Address}' is not complete. Register the model again with Publish-WmsModel.");
        }

        // A version keeps its files; its number can be given again when a registry is set up as a new one.
        string key = string.Join(
            '\n', ModelCache.NameOf(Store), version.Name, version.Version, version.Created.ToUnixTimeMilliseconds(), version.Source);
        if (!Store.IsLocal && Cache?.Find(key) is { } kept) return new LocatedModel(kept, version.Name, version.Version);

        var found = new LocatedModel("", version.Name, version.Version);
        var folder = Store.ArtifactsOf(version, cancellation);
        string? digest = version.Tags.GetValueOrDefault(RunTags.ModelDigest);
        return found with { Path = FileOf(folder, "", label, found.Label, _ => key, digest, cancellation) };
    }

    private LocatedModel OfRun(Run run, string path, CancellationToken cancellation)
    {
        var folder = Store.ArtifactsOf(run, cancellation);
        string label = $"the run '{run.Name}'", name = run.Name.Length > 0 ? run.Name : run.Id;
        string start = path.Length > 0 ? path : folder.List(ModelFolder, cancellation).Count > 0 ? ModelFolder : "";

        // The files of a run can change.
        string Key(IReadOnlyList<Artifact> files) => string.Join(
            '\n',
            [ModelCache.NameOf(Store), run.Id, .. files.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Path} {f.Size}"))]);
        return new LocatedModel(FileOf(folder, start, label, name, Key, null, cancellation), name, null);
    }

    private string FileOf(
        IArtifactFolder folder,
        string start,
        string label,
        string name,
        Func<IReadOnlyList<Artifact>, string> key,
        string? digest,
        CancellationToken cancellation)
    {
        // MLflow takes a single file as the source of a version too.
        string? single = folder.LocalPath is { } local ? Path.Combine([local, .. start.Split('/')]) : null;
        if (File.Exists(single)) return Checked(single, label, digest);

        var all = folder.List(start, cancellation);
        var files = ModelLocatorFiles.Choose(all);
        if (files.Count == 0 && start.Length > 0) files = [.. folder.List("", cancellation).Where(artifact => artifact.Path == start)];
        if (files.Count == 0) throw NoModel(folder, label, all);
        if (folder.LocalPath is { } root) return Checked(Path.Combine([root, .. files[^1].Path.Split('/')]), label, digest);
        if (Cache is null)
        {
            throw new TrackingException(
                TrackingFault.Refused,
                label,
                $"Cannot keep the model of {label}: the user has no folder for application data. Name one with "
                    + $"{UserFolder.CacheVariable}.");
        }

        string identity = key(files);
        if (Cache.Find(identity) is { } kept) return kept;
        Report($"Downloading the model of {label} from '{Store.Address}'.");
        return Cache.Fill(identity, name, folder, files, Expected(files[^1].Path, digest), cancellation);
    }

    // Weights in ONNX are hashed with the files beside them, those of PyTorch were written from others.
    private static string? Expected(string path, string? digest) =>
        path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && digest is { Length: 64 } ? digest : null;

    // A file of a version does not change: one that did is another model.
    private static string Checked(string path, string label, string? digest)
    {
        if (Expected(path, digest) is null) return path;
        string found = ModelFile.Digest(path);
        if (found.Equals(digest, StringComparison.OrdinalIgnoreCase)) return path;
        throw new TrackingException(
            TrackingFault.WrongDigest,
            path,
            $"'{path}' is not the model of {label} that was registered: its SHA-256 is {found}, and should be {digest}. "
                + "Bring the file back, register the new one with Publish-WmsModel, or use it by its path.");
    }

    private static TrackingException NoModel(IArtifactFolder folder, string label, IReadOnlyList<Artifact> there) => new(
        TrackingFault.NotFound,
        folder.Address,
        $"There is no model of {label} in '{folder.Address}'. " + (there.Count == 0
            ? "Its files were moved or deleted: bring them back, or choose another version with Get-WmsModel -All."
            : $"There is '{there[0].Path}'{(there.Count == 1 ? "" : $" and {there.Count - 1} more")}. Choose another version or run."));

    private static string OfflineWarning(TrackingException failure, ModelCacheAnswer last)
    {
        string what = last.Version is { } version
            ? string.Create(CultureInfo.InvariantCulture, $"version {version} of '{last.Name}'")
            : $"the model of the run '{last.Name}'";
        return $"{failure.Sentence()} Using {what}, which was '{last.Reference}' {Age(DateTimeOffset.UtcNow - last.Time)} ago. "
            + "It may have changed since.";
    }

    private static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1.5 } => "a minute",
        { TotalMinutes: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} minutes"),
        { TotalHours: < 36 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} hours"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days"),
    };
}
