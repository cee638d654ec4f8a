using System.Text.Json;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>A training as a report tells it: its record where there is one, and what its folder holds.</summary>
public sealed record ReportedTraining
{
    /// <summary>The folder of the run.</summary>
    public required string OutputPath { get; init; }

    /// <summary>The record of the training; null for a run that was named by its folder.</summary>
    public TrainingResult? Result { get; init; }

    /// <summary>Its epochs; empty when the folder does not hold them any more.</summary>
    public IReadOnlyList<EpochRecord> Epochs { get; init; } = [];

    /// <summary>The scores at its end, by the names that metrics.json has for them.</summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>();

    /// <summary>Seed of the run, when it is known.</summary>
    public int? Seed { get; init; }

    /// <summary>Version of the module that trained, when it is known.</summary>
    public string? ModuleVersion { get; init; }

    /// <summary>Channels of the network's first block, when they are known.</summary>
    public int? BaseChannels { get; init; }

    /// <summary>The file of the model; null when there is none.</summary>
    public string? ModelPath { get; init; }

    /// <summary>The stages it ran through, such as <c>128x10x8</c>; empty when its epochs are not known.</summary>
    public string Stages => string.Join(", ", Epochs.Aggregate(new List<(int Size, int Batch, int Epochs)>(), (stages, epoch) =>
    {
        if (stages.Count > 0 && stages[^1].Size == epoch.Size && stages[^1].Batch == epoch.BatchSize) stages[^1] = stages[^1] with { Epochs = stages[^1].Epochs + 1 };
        else stages.Add((epoch.Size, epoch.BatchSize, 1));
        return stages;
    }).Select(stage => FormattableString.Invariant($"{stage.Size}x{stage.Epochs}x{stage.Batch}")));

    /// <summary>The epoch that was kept; null when it is not known.</summary>
    public int? BestEpoch => Result?.BestEpoch ?? Epochs.LastOrDefault(epoch => epoch.IsBest)?.Epoch;

    /// <summary>The training that left a record.</summary>
    /// <param name="result">The record.</param>
    /// <param name="warn">Hears of what its folder does not hold.</param>
    public static ReportedTraining FromResult(TrainingResult result, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(warn);
        var epochs = EpochsOf(result.OutputPath, warn);
        if (epochs.Count == 0) warn($"'{result.OutputPath}' holds no epochs.jsonl any more, so the report shows no curves of this training.");
        var known = Known(result.ModelPath, warn);
        return new ReportedTraining
        {
            OutputPath = result.OutputPath,
            Result = result,
            Epochs = epochs,
            Seed = result.Seed,
            ModelPath = result.ModelPath,
            ModuleVersion = known?.ModuleVersion,
            BaseChannels = known?.Shape.BaseChannels,
            Scores = new Dictionary<string, double>
            {
                ["val_dice"] = result.ValidationDice,
                ["val_iou"] = result.ValidationIoU,
                ["test_dice"] = result.TestDice,
                ["test_iou"] = result.TestIoU,
                ["test_hausdorff"] = result.TestHausdorff,
            },
        };
    }

    /// <summary>The training that left a folder. One that still goes on, or was killed, is told as far as it came.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="warn">Hears of what it does not hold.</param>
    /// <exception cref="TrainingException">The folder holds no run.</exception>
    public static ReportedTraining FromRun(string folder, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        var epochs = EpochsOf(folder, warn);
        if (epochs.Count == 0) throw new TrainingException(folder, $"'{folder}' holds no epochs of a training (epochs.jsonl). Name the folder that Start-WmsTraining wrote to, its OutputPath.");
        string model = RunFolder.ModelIn(folder);
        var known = File.Exists(model) ? Known(model, warn) : null;
        return new ReportedTraining
        {
            OutputPath = folder,
            Epochs = epochs,
            Seed = known?.Seed,
            ModuleVersion = known?.ModuleVersion,
            BaseChannels = known?.Shape.BaseChannels,
            ModelPath = known is null ? null : model,
            Scores = Metrics(RunFolder.MetricsIn(folder)),
        };
    }

    /// <summary>A score at the end; null when it is not known, as that of a run that is not over.</summary>
    public double? Score(string name) => Scores.TryGetValue(name, out double score) && double.IsFinite(score) ? score : null;

    private static IReadOnlyList<EpochRecord> EpochsOf(string folder, Action<string> warn)
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

    private static SegmentationModel? Known(string path, Action<string> warn)
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

    private static Dictionary<string, double> Metrics(string path)
    {
        try
        {
            var metrics = JsonSerializer.Deserialize<Dictionary<string, double?>>(File.ReadAllText(path)) ?? [];
            return metrics.Where(m => m.Value is not null).ToDictionary(m => m.Key, m => m.Value!.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return []; // A run that is not over has none yet.
        }
    }
}
