using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Training;

/// <summary>The folder of a run, locked against other trainings while it is open.</summary>
internal sealed class RunFolder : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private readonly FileStream runLock;

    /// <summary>Creates the folder of a new run.</summary>
    /// <exception cref="TrainingRunningException">Another training writes into it.</exception>
    /// <exception cref="TrainingException">
    /// It already holds a run and <paramref name="replace"/> is false, or it cannot be written.
    /// </exception>
    public RunFolder(string path, bool replace)
        : this(path, folder =>
        {
            if (!replace) EnsureFree(path);
            string[] replaced = [folder.CheckpointPath, folder.ModelPath, folder.MetricsPath, EpochsIn(path)];
            foreach (string old in replaced) HeldFile.Delete(old);
        }, [])
    {
    }

    /// <summary>
    /// Opens the folder of a run that resumes after these epochs. epochs.jsonl is written again if an interruption has left it a line
    /// short or long.
    /// </summary>
    /// <exception cref="TrainingRunningException">Another training writes into it.</exception>
    /// <exception cref="TrainingException">It cannot be written.</exception>
    public RunFolder(string path, IEnumerable<EpochRecord> finished)
        : this(path, _ => { }, finished)
    {
    }

    private RunFolder(string path, Action<RunFolder> prepare, IEnumerable<EpochRecord> finished)
    {
        Path = path;
        FileStream? taken = null;
        try
        {
            Directory.CreateDirectory(path);
            runLock = taken = Lock(path);
            prepare(this);
            Epochs = new EpochLog(EpochsIn(path), finished);
            var orphans = OrphanedFiles.InFolderContaining(CheckpointPath);
            foreach (string file in new[] { CheckpointPath, ModelPath, MetricsPath }) orphans.Remove(file);
        }
        catch (Exception e)
        {
            taken?.Dispose();
            if (e is not (IOException or UnauthorizedAccessException)) throw;
            throw new TrainingException(path, $"Cannot write to the run folder '{path}': {e.Sentence()} Choose another -OutputPath.", e);
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The log of finished epochs.</summary>
    public EpochLog Epochs { get; }

    /// <summary>State after the last epoch.</summary>
    public string CheckpointPath => CheckpointIn(Path);

    /// <summary>The best epoch's model.</summary>
    public string ModelPath => ModelIn(Path);

    /// <summary>The scores at the end.</summary>
    public string MetricsPath => MetricsIn(Path);

    /// <summary>Returns the path of the checkpoint of the run in a folder.</summary>
    public static string CheckpointIn(string path) => System.IO.Path.Combine(path, "checkpoint.safetensors");

    /// <summary>Returns the path of the epoch log of the run in a folder.</summary>
    public static string EpochsIn(string path) => System.IO.Path.Combine(path, "epochs.jsonl");

    /// <summary>Returns the path of the final scores of the run in a folder.</summary>
    public static string MetricsIn(string path) => System.IO.Path.Combine(path, "metrics.json");

    /// <summary>Returns the path of the best epoch's model of the run in a folder.</summary>
    public static string ModelIn(string path) => System.IO.Path.Combine(path, "model.safetensors");

    /// <summary>
    /// Writes metrics.json with the keys of the legacy pipeline: val_dice, val_iou, test_dice, test_iou, test_hausdorff; null where
    /// nothing was measured.
    /// </summary>
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
        AtomicFile.WriteText(MetricsPath, JsonSerializer.Serialize(metrics, Indented) + "\n");

        static double? Finite(double value) => double.IsFinite(value) ? value : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Epochs.Dispose();
        runLock.Dispose();
    }

    /// <summary>Ensures that a new run would not replace another.</summary>
    /// <exception cref="TrainingException">The folder already holds a run.</exception>
    public static void EnsureFree(string path)
    {
        if (new[] { CheckpointIn(path), ModelIn(path) }.FirstOrDefault(File.Exists) is not { } existing) return;
        string resume = existing == CheckpointIn(path) ? ", use -Resume to continue that run," : "";
        throw new TrainingException(
            path,
            $"'{path}' already holds a run ({System.IO.Path.GetFileName(existing)}). " +
            $"Choose another -OutputPath{resume} or use -Force to replace it.");
    }

    /// <summary>
    /// Locks a folder against other processes; call it before anything is removed. The lock is a file of its own, because outside
    /// Windows an open file that others may read does not keep a second writer out. A lock file that a killed process leaves locks nothing.
    /// </summary>
    /// <returns>The lock; disposing it removes the file.</returns>
    /// <exception cref="TrainingRunningException">Another training holds the lock.</exception>
    public static FileStream Lock(string path)
    {
        string file = System.IO.Path.Combine(path, "run.lock");
        FileStream Open() =>
            new(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        try
        {
            try
            {
                return Open();
            }
            catch (UnauthorizedAccessException) when (OperatingSystem.IsWindows())
            {
                // Windows is deleting the file of a training that has just ended.
                return HeldFile.Retry(file, changes: true, Open);
            }
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new TrainingRunningException(
                path, $"Another training is writing to '{path}'. Wait until it ends, or choose another -OutputPath.");
        }
    }
}
