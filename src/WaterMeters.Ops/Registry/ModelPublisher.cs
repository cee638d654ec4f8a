using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;

namespace WaterMeters.Ops.Registry;

/// <summary>Registers models as versions, and puts those into production that pass the gate.</summary>
public static class ModelPublisher
{
    /// <summary>Finds the model, and what it would replace; writes nothing.</summary>
    /// <exception cref="TrackingException">NotFound or Deleted: there is no such run, or it has no model.</exception>
    public static PublishPlan Plan(ITrackingStore store, PublishRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(request);
        TrackingLimits.CheckModelName(request.ModelName);
        if (request.Alias is { } alias) TrackingLimits.CheckAlias(alias);
        var versions = store.ListVersions(request.ModelName, cancellation);
        var current = request.Stage is ModelStage.None or ModelStage.Archived
            ? null
            : versions.FirstOrDefault(version => version.Stage == (RegistryStage)request.Stage);
        var plan = new PublishPlan
        {
            Request = request,
            Source = $"'{request.FilePath}'",
            Current = current is null ? null : VersionRecords.Of(store, current, cancellation),
            Same = null,
        };
        if (request.RunId is not { } id) return plan;
        var run = store.GetRun(id, cancellation);
        if (run.IsDeleted)
        {
            throw new TrackingException(TrackingFault.Deleted, id,
                $"The run '{run.Name}' ({id}) was deleted. Restore it with 'mlflow runs restore --run-id {id}', or publish another.");
        }

        return plan with
        {
            Source = $"the model of the run '{run.Name}' ({id})",
            Run = run,
            Folder = request.RunPath.Length > 0 ? request.RunPath : FindFolder(store, run, cancellation),
            Same = versions.FirstOrDefault(version => version.RunId == id)?.Version,
        };
    }

    /// <summary>
    /// Returns the run that the folder of a training says it is; null if the store does not have it, or recorded another model.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="folder">Absolute path of the folder.</param>
    /// <param name="file">Absolute path of its model.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static string? RunOf(ITrackingStore store, string folder, string file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (RunLink.Read(folder) is not { } link || link.TrackingUri != store.Address) return null;
        try
        {
            var run = store.GetRun(link.RunId, cancellation);
            return !run.IsDeleted && run.Tags.GetValueOrDefault(RunTags.ModelDigest) == ModelFile.Digest(file) ? run.Id : null;
        }
        catch (TrackingException e) when (e.Fault == TrackingFault.NotFound)
        {
            return null;
        }
    }

    /// <summary>Applies the gate, registers the version, and changes its stage.</summary>
    /// <returns>The version that was made.</returns>
    /// <exception cref="GateException">It did not pass; nothing was registered.</exception>
    /// <exception cref="TrackingException">The store cannot be read or written.</exception>
    /// <exception cref="WaterMetersException">A model or the data set cannot be read or compared.</exception>
    public static RegisteredModelVersion Publish(ITrackingStore store, PublishPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(plan);
        string temporary = Directory.CreateTempSubdirectory("watermeters-publish-").FullName;
        try
        {
            var request = plan.Request;
            var model = Load(store, plan, Directory.CreateDirectory(Path.Combine(temporary, "candidate")).FullName, cancellation);
            if (request.PassedDigest is { } passed && !passed.Equals(model.Digest, StringComparison.OrdinalIgnoreCase))
            {
                throw new TrackingException(
                    TrackingFault.WrongDigest,
                    request.RunId ?? request.FilePath!,
                    $"Nothing was registered: {plan.Source} is not the model that was compared. Its SHA-256 is {model.Digest}, and should "
                        + $"be {passed}. Publish the model file of the training instead.");
            }

            string reason = request.Reason;
            ModelComparison? decision = null;
            if (request.Gate is { } gate)
            {
                string folder = Directory.CreateDirectory(Path.Combine(temporary, "baseline")).FullName;
                var comparison = decision = RegistryGate.Decide(gate, model, Baseline(store, plan, folder, cancellation), cancellation);
                if (!comparison.Passed)
                {
                    throw new GateException(request.RunId ?? request.FilePath!, comparison,
                        $"Nothing was published: {plan.Source} did not pass the gate. {comparison.Reason} Train a better model, or use "
                        + "-Force with -Reason to publish it anyway.");
                }

                if (reason.Length == 0) reason = comparison.Reason;
            }

            return Register(store, plan, model, reason, decision, cancellation);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static RegisteredModelVersion Register(
        ITrackingStore store,
        PublishPlan plan,
        SegmentationModel model,
        string reason,
        ModelComparison? decision,
        CancellationToken cancellation)
    {
        var request = plan.Request;
        store.GetOrCreateModel(request.ModelName, "", cancellation);
        var run = plan.Run ?? ModelRunWriter.Write(store, request.Experiment, model, cancellation);
        string folder = plan.Run is null ? RunArtifacts.Model : plan.Folder;

        // The model was read from its own file, or from the artifact: the digest is that of what is downloaded later.
        var tags = ModelRunWriter.ProvenanceOf(model);
        string? digest = plan.Run is null ? run.Tags.GetValueOrDefault(RunTags.ModelDigest) : model.Digest;
        if (!string.IsNullOrEmpty(digest)) tags[RunTags.ModelDigest] = digest;
        foreach (var (key, value) in request.Tags.Concat(decision is null ? [] : GateTags.Of(decision))) tags[key] = value;
        var version = store.CreateVersion(
            new NewModelVersion
            {
                Name = request.ModelName,
                Source = folder.Length == 0 ? $"runs:/{run.Id}" : $"runs:/{run.Id}/{folder}",
                RunId = run.Id,
                Tags = tags,
            },
            cancellation);
        if (request.Alias is { } alias) store.SetAlias(request.ModelName, alias, version.Version, cancellation);
        var registry = new ModelRegistry(store, request.ModelName);
        string number = version.Version.ToString(CultureInfo.InvariantCulture);
        if (request.Stage == ModelStage.None) return registry.Get(number, cancellation);

        var change = registry.Plan(number, request.Stage, cancellation);
        bool isCompared = request.Gate is not null || request.PassedDigest is not null;
        try
        {
            return registry.Apply(
                change, reason, cancellation, !isCompared ? null : plan.Current is { } beaten ? [beaten.Version] : [])[0];
        }
        catch (TrackingException e) when (e.Fault != TrackingFault.Refused)
        {
            // A server changes the stage, its records and the alias one by one.
            throw new TrackingException(
                e.Fault,
                e.Target,
                $"{e.Sentence()} The model is registered as version {number}, but its change to {request.Stage} may be incomplete. "
                    + $"Complete it with Set-WmsModelStage {number} {request.Stage}.",
                e);
        }
    }

    private static SegmentationModel Load(ITrackingStore store, PublishPlan plan, string folder, CancellationToken cancellation)
    {
        if (plan.Run is not { } run) return ModelFile.Load(plan.Request.FilePath!);
        var artifacts = store.ArtifactsOf(run, cancellation);
        var model = VersionFiles.Download(artifacts, plan.Folder, $"the run '{run.Name}' ({run.Id})", folder, cancellation);

        // What a run records is the digest of the weights in its own folder of the model, not of other files and formats.
        string? recorded = plan.Folder == RunArtifacts.Model && Path.GetExtension(model.Path) == ModelFile.Extensions[0]
            ? run.Tags.GetValueOrDefault(RunTags.ModelDigest)
            : null;
        if (string.IsNullOrEmpty(recorded) || recorded.Equals(model.Digest, StringComparison.OrdinalIgnoreCase)) return model;
        throw new TrackingException(
            TrackingFault.WrongDigest,
            run.Id,
            $"The model of the run '{run.Name}' ({run.Id}) is not the one that was recorded: its SHA-256 is {model.Digest}, and should be "
                + $"{recorded}. Nothing was registered. Publish the model file of the training instead, or another run.");
    }

    /// <summary>The model to beat: the version in production or, as long as there is none, the file that was put there before.</summary>
    private static SegmentationModel? Baseline(ITrackingStore store, PublishPlan plan, string folder, CancellationToken cancellation)
    {
        if (plan.Current is not { } current)
        {
            return ProductionModel.Nearest(plan.Request.Gate!.Location) is { } file ? ModelFile.Load(file) : null;
        }

        var version = store.GetVersion(plan.Request.ModelName, current.Version, cancellation);
        return VersionFiles.Load(store, version, folder, cancellation);
    }

    /// <summary>Returns the folder of the model in a run's artifacts.</summary>
    private static string FindFolder(ITrackingStore store, Run run, CancellationToken cancellation)
    {
        var artifacts = store.ArtifactsOf(run, cancellation);
        string[] files = [.. artifacts.List("", cancellation).Select(file => file.Path)];
        string[] described =
        [
            .. files.Where(file => file.EndsWith("/" + MlflowFolder.Description, StringComparison.Ordinal))
                .Select(file => file[..file.LastIndexOf('/')])
                .OrderBy(folder => folder != RunArtifacts.Model).ThenBy(folder => folder, StringComparer.Ordinal),
        ];
        if (described.Length > 0) return described[0];
        string file = VersionFiles.Choose(files) ?? throw new TrackingException(TrackingFault.NotFound, run.Id,
            $"The run '{run.Name}' ({run.Id}) has no model among its {files.Length} artifacts. It may have ended before its first epoch "
            + "did; publish another run, or a model file.");
        return file.LastIndexOf('/') is > 0 and int end ? file[..end] : "";
    }
}
