using System.Globalization;
using System.Text.Json;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Reporting.ModelReports;
using WaterMeters.Ml.Reporting.PredictionReports;

namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>
/// The files of a training in its run: the model as a folder of MLflow, its scores and epochs, its curves, and a page of predictions on
/// validation photos.
/// </summary>
internal static class RunArtifacts
{
    /// <summary>Path of the model's folder in a run.</summary>
    public const string Model = "model";

    private const int ShownPhotos = 12;

    /// <summary>Writes the files to the store. A page that cannot be made is a warning; the model is what counts.</summary>
    /// <returns>The tags that belong to them: the digest of the model, and MLflow's list of logged models.</returns>
    public static Dictionary<string, string> Upload(
        IArtifactFolder artifacts, string runId, TrainingResult result, IReadOnlyList<string> photos, Action<string> warn,
        CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("watermeters-run-").FullName;
        try
        {
            var model = ModelFile.Load(result.ModelPath);
            var now = DateTimeOffset.UtcNow;
            MlflowFolderWriter.Write(model, Path.Combine(folder, Model), runId, Model, now);
            string plots = Directory.CreateDirectory(Path.Combine(folder, "plots")).FullName;
            try
            {
                ReportFile.Write(
                    new ReportContents { Trainings = [ReportedTraining.FromResult(result, _ => { })] },
                    Path.Combine(plots, "training.html"), _ => { }, null, cancellation);
                WritePredictions(model, photos, Path.Combine(plots, "predictions.html"), cancellation);
            }
            catch (Exception e) when (e is WaterMetersException or IOException or UnauthorizedAccessException)
            {
                warn($"The run has no page of curves or predictions: {e.Sentence()}");
            }

            foreach (string file in new[] { result.MetricsPath, Path.Combine(result.OutputPath, "epochs.jsonl") })
            {
                if (File.Exists(file)) artifacts.Upload(file, Path.GetFileName(file), cancellation);
            }

            // The description of the model last: a folder without it is not yet a model.
            foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .OrderBy(f => Path.GetFileName(f) == MlflowFolder.Description).ThenBy(f => f, StringComparer.Ordinal))
            {
                artifacts.Upload(file, Path.GetRelativePath(folder, file).Replace('\\', '/'), cancellation);
            }

            return new Dictionary<string, string>
            {
                [RunTags.ModelDigest] = model.Digest ?? "",
                [MlflowTags.LoggedModels] = History(runId, now),
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void WritePredictions(SegmentationModel model, IReadOnlyList<string> photos, string page, CancellationToken cancellation)
    {
        if (photos.Count == 0) return;
        using var engine = InferenceEngines.Create(model, Precision.Float32);
        using var queue = PhotoQueue.Create([.. photos.Take(ShownPhotos)]);
        string masks = Directory.CreateTempSubdirectory("watermeters-masks-").FullName;
        try
        {
            var outcomes = new PhotoPredictor(engine, new PredictionOptions { OutputPath = masks }).Run(queue, cancellation);
            Prediction[] predictions = [.. outcomes.Select(o => o.Prediction).OfType<Prediction>()];
            new PredictionReportFile(predictions).Write(page, _ => { }, null, cancellation);
        }
        finally
        {
            Directory.Delete(masks, recursive: true);
        }
    }

    /// <summary>The entry by which MLflow's pages find the model of a run (mlflow/models/model.py, log).</summary>
    internal static string History(string runId, DateTimeOffset time) => JsonSerializer.Serialize(new[]
    {
        new Dictionary<string, object>
        {
            ["run_id"] = runId,
            ["artifact_path"] = Model,
            ["utc_time_created"] = time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            ["flavors"] = new Dictionary<string, object>
            {
                ["onnx"] = new Dictionary<string, object> { ["data"] = "model.onnx" },
                ["python_function"] = new Dictionary<string, object> { ["loader_module"] = "mlflow.onnx", ["data"] = "model.onnx" },
            },
        },
    });
}
