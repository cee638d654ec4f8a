using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Training;

/// <summary>The folder that holds everything a training writes.</summary>
internal sealed class RunFolder : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions Line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly FileStream hold;
    private readonly StreamWriter epochs;

    /// <summary>Makes the folder of a new run.</summary>
    /// <exception cref="TrainingRunningException">Another training writes into it.</exception>
    /// <exception cref="TrainingException">It holds a run already, or cannot be written.</exception>
    public RunFolder(string path, bool replace)
        : this(path, folder =>
        {
            if (!replace) DemandFree(path);
            foreach (string old in new[] { folder.CheckpointPath, folder.ModelPath, folder.MetricsPath }) File.Delete(old);
        })
    {
    }

    /// <summary>Opens the folder of a run that goes on after these epochs; the file of epochs is written anew, since its last line may be missing or too much.</summary>
    /// <exception cref="TrainingRunningException">Another training writes into it.</exception>
    /// <exception cref="TrainingException">It cannot be written.</exception>
    public RunFolder(string path, IEnumerable<EpochRecord> finished)
        : this(path, _ => { })
    {
        foreach (var epoch in finished) Append(epoch);
    }

    private RunFolder(string path, Action<RunFolder> prepare)
    {
        Path = path;
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(path);
            hold = held = Hold(path);
            prepare(this);
            epochs = new StreamWriter(new FileStream(EpochsPath, FileMode.Create, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
            var orphans = OrphanedFiles.InFolderContaining(CheckpointPath);
            foreach (string file in new[] { CheckpointPath, ModelPath, MetricsPath }) orphans.Remove(file);
        }
        catch (Exception e)
        {
            held?.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw new TrainingException(path, $"The run cannot be written to '{path}': {e.Sentence()} Name another -OutputPath.", e);
            throw;
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>State after the last epoch.</summary>
    public string CheckpointPath => CheckpointIn(Path);

    /// <summary>The best epoch's model.</summary>
    public string ModelPath => ModelIn(Path);

    /// <summary>The scores at the end.</summary>
    public string MetricsPath => MetricsIn(Path);

    /// <summary>One line of JSON an epoch.</summary>
    public string EpochsPath => EpochsIn(Path);

    /// <summary>The checkpoint of the run in a folder.</summary>
    public static string CheckpointIn(string path) => System.IO.Path.Combine(path, "checkpoint.safetensors");

    /// <summary>The file of epochs of the run in a folder.</summary>
    public static string EpochsIn(string path) => System.IO.Path.Combine(path, "epochs.jsonl");

    /// <summary>The scores of the run in a folder.</summary>
    public static string MetricsIn(string path) => System.IO.Path.Combine(path, "metrics.json");

    /// <summary>The best epoch's model of the run in a folder.</summary>
    public static string ModelIn(string path) => System.IO.Path.Combine(path, "model.safetensors");

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
        AtomicFile.WriteText(MetricsPath, JsonSerializer.Serialize(metrics, Readable) + "\n");

        static double? Finite(double value) => double.IsFinite(value) ? value : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        epochs.Dispose();
        hold.Dispose();
    }

    /// <summary>Makes sure that a new run replaces none.</summary>
    /// <exception cref="TrainingException">The folder holds a run.</exception>
    public static void DemandFree(string path)
    {
        string? taken = new[] { CheckpointIn(path), ModelIn(path) }.FirstOrDefault(File.Exists);
        if (taken is not null)
        {
            string resume = taken == CheckpointIn(path) ? ", use -Resume to go on with that run," : "";
            throw new TrainingException(path, $"'{path}' holds a run already ({System.IO.Path.GetFileName(taken)}). Name another -OutputPath{resume} or use -Force to replace it.");
        }
    }

    /// <summary>
    /// Keeps other processes out as long as the run lasts; taken before anything is removed. A file of its own and no part of the run:
    /// outside of Windows a file that others may read meanwhile keeps no second writer out. What a killed process leaves of it is not held.
    /// </summary>
    public static FileStream Hold(string path)
    {
        string file = System.IO.Path.Combine(path, "run.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new TrainingRunningException(path, $"Another training writes into '{path}', so none was started there. Wait for it, or name another -OutputPath.");
        }
    }
}
