using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;

namespace WaterMeters.Ops.Registry;

/// <summary>Makes a run for a model that came as a file, so that its version has scores, artifacts and a page like any other.</summary>
internal static class ModelRunWriter
{
    /// <summary>Writes the run, with the model as a folder of MLflow; an ONNX file is kept as it is.</summary>
    /// <param name="store">The store.</param>
    /// <param name="experiment">Name of the experiment; it is created if it does not exist.</param>
    /// <param name="model">The model.</param>
    /// <param name="cancellation">Stops the work; the run is then marked as failed.</param>
    /// <exception cref="TrackingException">The store cannot be written.</exception>
    public static Run Write(ITrackingStore store, string experiment, SegmentationModel model, CancellationToken cancellation)
    {
        var now = DateTimeOffset.UtcNow;
        string name = ModelName.For(model.Path);
        var run = store.CreateRun(
            new NewRun
            {
                ExperimentId = store.GetOrCreateExperiment(experiment, cancellation).Id,
                Name = name.Length <= TrackingLimits.Name ? name : name[..TrackingLimits.Name],
                Start = now,
                User = Environment.UserName,
                Tags = Tags(model),
            },
            cancellation);
        try
        {
            string digest = Upload(store.ArtifactsOf(run, cancellation), run.Id, model, now, cancellation);
            store.Log(
                run.Id,
                new RunBatch
                {
                    Metrics = [.. model.Metrics.Where(m => double.IsFinite(m.Value)).Select(m => new Metric(m.Key, m.Value, now, 0))],
                    Tags = new Dictionary<string, string>
                    {
                        [RunTags.ModelDigest] = digest,
                        [MlflowTags.LoggedModels] = RunArtifacts.History(run.Id, now),
                    },
                },
                cancellation);
            store.UpdateRun(run.Id, RunStatus.Finished, DateTimeOffset.UtcNow, cancellation);
            return store.GetRun(run.Id, cancellation);
        }
        catch (Exception e) when (e is WaterMetersException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            MarkFailed(store, run.Id);
            throw;
        }
    }

    /// <summary>Returns the tags that say which photos a model has seen, and what wrote it.</summary>
    public static Dictionary<string, string> ProvenanceOf(SegmentationModel model)
    {
        var tags = new Dictionary<string, string>();
        if (model.ModuleVersion is { } version) tags[RunTags.ModuleVersion] = version;
        if (model.Provenance is not { } provenance) return tags;
        if (provenance.DatasetDigest.Length > 0) tags[RunTags.DataDigest] = provenance.DatasetDigest;
        if (provenance.SplitDigest.Length > 0) tags[RunTags.SplitDigest] = provenance.SplitDigest;
        return tags;
    }

    private static Dictionary<string, string> Tags(SegmentationModel model)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(model.Path))!;
        var tags = RunProcess.Tags();
        foreach (var (key, value) in GitState.Tags(folder)) tags[key] = value;
        foreach (var (key, value) in ProvenanceOf(model)) tags[key] = value;
        tags[MlflowTags.SourceName] = "Publish-WmsModel";
        tags[MlflowTags.SourceType] = MlflowTags.LocalSource;
        tags[RunTags.OutputPath] = folder;
        return tags;
    }

    /// <summary>Returns the digest of the file that is downloaded later.</summary>
    private static string Upload(
        IArtifactFolder artifacts, string runId, SegmentationModel model, DateTimeOffset now, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("watermeters-publish-").FullName;
        try
        {
            string weights;
            if (model.Onnx is { } onnx)
            {
                weights = Path.Combine(folder, "model.onnx");
                AtomicFile.Write(weights, stream => stream.Write(onnx.Bytes.Span));
            }
            else
            {
                MlflowFolderWriter.Write(model, folder, runId, RunArtifacts.Model, now);
                weights = Path.Combine(folder, "model" + ModelFile.Extensions[0]);
            }

            // The description of the model last: a folder without it is not yet a model.
            foreach (string file in Directory.EnumerateFiles(folder)
                .OrderBy(file => Path.GetFileName(file) == MlflowFolder.Description).ThenBy(file => file, StringComparer.Ordinal))
            {
                artifacts.Upload(file, $"{RunArtifacts.Model}/{Path.GetFileName(file)}", cancellation);
            }

            return ModelFile.Digest(weights);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void MarkFailed(ITrackingStore store, string runId)
    {
        try
        {
            store.UpdateRun(runId, RunStatus.Failed, DateTimeOffset.UtcNow, CancellationToken.None);
        }
        catch (TrackingException)
        {
            // The error that stopped the work is the useful one.
        }
    }
}
