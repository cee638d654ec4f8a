using System.Text.Json;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>A training in a report: its record, if there is one, and the contents of its folder.</summary>
public sealed record ReportedTraining
{
    /// <summary>Folder of the run.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Record of the training; null for a run that was given by its folder.</summary>
    public TrainingResult? Result { get; init; }

    /// <summary>Epochs; empty when the folder no longer has them.</summary>
    public IReadOnlyList<EpochRecord> Epochs { get; init; } = [];

    /// <summary>Final scores by their names in metrics.json.</summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>();

    /// <summary>Seed of the run, if known.</summary>
    public int? Seed { get; init; }

    /// <summary>Version of the module that trained it, if known.</summary>
    public string? ModuleVersion { get; init; }

    /// <summary>Channels of the first block of the network, if known.</summary>
    public int? BaseChannels { get; init; }

    /// <summary>File of the model; null when there is none.</summary>
    public string? ModelPath { get; init; }

    /// <summary>Training stages as image size x epochs x batch size, such as <c>128x10x8</c>; empty when its epochs are unknown.</summary>
    public string Stages
    {
        get
        {
            var stages = new List<(int Size, int Batch, int Epochs)>();
            foreach (var epoch in Epochs)
            {
                if (stages.Count > 0 && stages[^1].Size == epoch.Size && stages[^1].Batch == epoch.BatchSize)
                {
                    stages[^1] = stages[^1] with { Epochs = stages[^1].Epochs + 1 };
                }
                else
                {
                    stages.Add((epoch.Size, epoch.BatchSize, 1));
                }
            }

            return string.Join(", ", stages.Select(stage => FormattableString.Invariant($"{stage.Size}x{stage.Epochs}x{stage.Batch}")));
        }
    }

    /// <summary>When the last epoch was written; null when its file is gone.</summary>
    public DateTimeOffset? LastEpochEnded { get; init; }

    /// <summary>Whether the training came to its end; one that was killed or is still running did not.</summary>
    public bool IsFinished => Result is not null || Scores.Count > 0;

    /// <summary>Epoch that was kept; null when it is unknown.</summary>
    public int? BestEpoch => Result?.BestEpoch ?? Epochs.LastOrDefault(epoch => epoch.IsBest)?.Epoch;

    /// <summary>Reads the training of a record.</summary>
    /// <param name="result">The record.</param>
    /// <param name="warn">Called with a warning for each file that is missing or unreadable.</param>
    public static ReportedTraining FromResult(TrainingResult result, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(warn);
        var epochs = ReadEpochs(result.OutputPath, warn);
        if (epochs.Count == 0) warn($"No epochs.jsonl in '{result.OutputPath}': the report shows no curves of this training.");
        var model = TryLoad(result.ModelPath, warn);
        return new ReportedTraining
        {
            OutputPath = result.OutputPath,
            Result = result,
            Epochs = epochs,
            LastEpochEnded = EpochsWritten(result.OutputPath),
            Seed = result.Seed,
            ModelPath = result.ModelPath,
            ModuleVersion = model?.ModuleVersion,
            BaseChannels = model?.Shape.BaseChannels,
            Scores = new Dictionary<string, double>
            {
                ["val_dice"] = result.ValidationDice ?? double.NaN,
                ["val_iou"] = result.ValidationIoU ?? double.NaN,
                ["test_dice"] = result.TestDice ?? double.NaN,
                ["test_iou"] = result.TestIoU ?? double.NaN,
                ["test_hausdorff"] = result.TestHausdorff ?? double.NaN,
            },
        };
    }

    /// <summary>Reads the training of a folder; one that is still running, or was killed, up to its last epoch.</summary>
    /// <param name="folder">Folder of the run.</param>
    /// <param name="warn">Called with a warning for each file that is unreadable.</param>
    /// <exception cref="TrainingException">The folder is not a run.</exception>
    public static ReportedTraining FromRun(string folder, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        var epochs = ReadEpochs(folder, warn);
        if (epochs.Count == 0)
        {
            throw new TrainingException(
                folder, $"No epochs of a training (epochs.jsonl) in '{folder}'. Use the -OutputPath of Start-WmsTraining.");
        }

        string modelPath = RunFolder.ModelIn(folder);
        var model = File.Exists(modelPath) ? TryLoad(modelPath, warn) : null;
        return new ReportedTraining
        {
            OutputPath = folder,
            Epochs = epochs,
            LastEpochEnded = EpochsWritten(folder),
            Seed = model?.Seed,
            ModuleVersion = model?.ModuleVersion,
            BaseChannels = model?.Shape.BaseChannels,
            ModelPath = model is null ? null : modelPath,
            Scores = ReadMetrics(RunFolder.MetricsIn(folder)),
        };
    }

    /// <summary>
    /// Returns a final score; null when it is unknown. An unfinished run has those of its best epoch on the validation photos, at that
    /// epoch's image size.
    /// </summary>
    public double? Score(string name)
    {
        var best = IsFinished ? null : Epochs.LastOrDefault(epoch => epoch.Epoch == BestEpoch);
        double? score = Scores.TryGetValue(name, out double final) ? final
            : name == "val_dice" ? best?.ValidationDice
            : name == "val_iou" ? best?.ValidationIoU
            : null;
        return score is { } known && double.IsFinite(known) ? known : null;
    }

    private static IReadOnlyList<EpochRecord> ReadEpochs(string folder, Action<string> warn)
    {
        try
        {
            return EpochLog.Read(folder);
        }
        catch (TrainingException e)
        {
            warn(e.Message);
            return [];
        }
    }

    private static DateTimeOffset? EpochsWritten(string folder)
    {
        var file = new FileInfo(RunFolder.EpochsIn(folder));
        return file.Exists ? file.LastWriteTimeUtc : null;
    }

    private static SegmentationModel? TryLoad(string path, Action<string> warn)
    {
        try
        {
            return ModelFile.Load(path);
        }
        catch (ModelException e)
        {
            warn(e.Message);
            return null;
        }
    }

    private static Dictionary<string, double> ReadMetrics(string path)
    {
        try
        {
            var metrics = JsonSerializer.Deserialize<Dictionary<string, double?>>(HeldFile.ReadAllText(path)) ?? [];
            return metrics.Where(m => m.Value is not null).ToDictionary(m => m.Key, m => m.Value!.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return []; // an unfinished run has none yet
        }
    }
}
