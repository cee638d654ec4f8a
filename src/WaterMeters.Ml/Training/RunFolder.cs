using System.Text.Json;

namespace WaterMeters.Ml.Training;

/// <summary>The folder that holds everything a training writes.</summary>
internal sealed class RunFolder : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions Line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly StreamWriter epochs;

    /// <summary>Makes the folder.</summary>
    /// <exception cref="TrainingException">It holds a run already, or cannot be written.</exception>
    public RunFolder(string path, bool replace)
    {
        Path = path;
        try
        {
            Directory.CreateDirectory(path);
            string? taken = new[] { CheckpointPath, ModelPath }.FirstOrDefault(File.Exists);
            if (taken is not null && !replace)
            {
                throw new TrainingException(path, $"'{path}' holds a run already ({System.IO.Path.GetFileName(taken)}). Name another -OutputPath, or use -Force to replace that run.");
            }

            foreach (string old in new[] { CheckpointPath, ModelPath, MetricsPath }) File.Delete(old);

            // Open as long as the run lasts: a second run in this folder fails here and does not mix its lines with these.
            epochs = new StreamWriter(new FileStream(EpochsPath, FileMode.Create, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(path, $"The run cannot be written to '{path}': {e.Message} Name another -OutputPath.", e);
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>State after the last epoch.</summary>
    public string CheckpointPath => System.IO.Path.Combine(Path, "checkpoint.safetensors");

    /// <summary>The best epoch's model.</summary>
    public string ModelPath => System.IO.Path.Combine(Path, "model.safetensors");

    /// <summary>The scores at the end.</summary>
    public string MetricsPath => System.IO.Path.Combine(Path, "metrics.json");

    /// <summary>One line of JSON an epoch.</summary>
    public string EpochsPath => System.IO.Path.Combine(Path, "epochs.jsonl");

    /// <summary>Adds an epoch.</summary>
    public void Append(EpochRecord epoch)
    {
        // Its own fields and no serialized record: durations in seconds, as other languages read them.
        var line = new
        {
            epoch.Epoch, epoch.Epochs, epoch.Size, epoch.BatchSize, epoch.LearningRate, epoch.TrainingLoss, epoch.ValidationLoss,
            ValDice = epoch.ValidationDice, ValIou = epoch.ValidationIoU, epoch.IsBest, epoch.PhotosPerSecond, Seconds = epoch.Duration.TotalSeconds,
        };
        epochs.Write(JsonSerializer.Serialize(line, Line) + "\n");
    }

    /// <summary>Writes metrics.json as the seed system has it: val_dice, val_iou, test_dice, test_iou, test_hausdorff; null without test photos.</summary>
    public void WriteMetrics(TrainingScores scores)
    {
        var metrics = new Dictionary<string, double?>
        {
            ["val_dice"] = Finite(scores.ValidationDice),
            ["val_iou"] = Finite(scores.ValidationIoU),
            ["test_dice"] = Finite(scores.TestDice),
            ["test_iou"] = Finite(scores.TestIoU),
            ["test_hausdorff"] = Finite(scores.TestHausdorff),
        };
        FileReplacement.WriteText(MetricsPath, JsonSerializer.Serialize(metrics, Readable) + "\n");

        static double? Finite(double value) => double.IsFinite(value) ? value : null;
    }

    /// <inheritdoc/>
    public void Dispose() => epochs.Dispose();
}
