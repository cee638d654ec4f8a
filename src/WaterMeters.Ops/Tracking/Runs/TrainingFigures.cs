using System.Globalization;
using System.Runtime.InteropServices;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>
/// What a training logs. The final scores have the names of metrics.json (val_dice, test_dice, ...); the values of single epochs, which
/// are measured at the image size of their stage, end with _epoch.
/// </summary>
internal static class TrainingFigures
{
    /// <summary>How the metrics of single epochs end.</summary>
    public const string OfEpoch = "_epoch";

    /// <summary>The metric that says which epoch was kept.</summary>
    public const string BestEpoch = "best_epoch";

    /// <summary>This machine: system, processor and cores.</summary>
    public static string Machine => string.Create(
        CultureInfo.InvariantCulture,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, " +
            $"{(ProcessorFeatures.HasBFloat16 ? "bfloat16" : "no bfloat16")}");

    /// <summary>The settings of a training.</summary>
    public static Dictionary<string, string> Parameters(TrainingStart start)
    {
        var o = start.Options;
        return new Dictionary<string, string>
        {
            ["stages"] = string.Join(",", o.Stages),
            ["epochs"] = Text(o.Stages.Sum(s => s.Epochs)),
            ["image_size"] = Text(o.Stages[^1].Size),
            ["batch_size"] = Text(o.Stages[^1].BatchSize),
            ["base_channels"] = Text(o.BaseChannels),
            ["loss"] = o.Loss.ToString(),
            ["optimizer"] = o.Optimizer.ToString(),
            ["learning_rate"] = Text(o.LearningRate),
            ["weight_decay"] = Text(o.WeightDecay),
            ["schedule"] = o.Schedule.ToString(),
            ["warmup_steps"] = Text(o.WarmupSteps),
            ["plateau_factor"] = Text(o.PlateauFactor),
            ["plateau_patience"] = Text(o.PlateauPatience),
            ["minimum_learning_rate"] = Text(o.MinimumLearningRate),
            ["average_decay"] = Text(o.AverageDecay),
            ["early_stopping_patience"] = Text(o.EarlyStoppingPatience),
            ["horizontal_flip"] = Text(o.HorizontalFlip),
            ["vertical_flip"] = Text(o.VerticalFlip),
            ["rotation_degrees"] = Text(o.RotationDegrees),
            ["rotation_probability"] = Text(o.RotationProbability),
            ["brightness_probability"] = Text(o.BrightnessProbability),
            ["seed"] = Text(o.Seed),
            ["precision"] = o.Precision.ToString(),
            ["device"] = o.Device.ToString(),
            ["threads"] = Text(start.Threads),
            ["training_photos"] = Text(start.Photos.GetValueOrDefault(DatasetSplit.Train)),
            ["validation_photos"] = Text(start.Photos.GetValueOrDefault(DatasetSplit.Validation)),
            ["test_photos"] = Text(start.Photos.GetValueOrDefault(DatasetSplit.Test)),
        };
    }

    /// <summary>Where and with what a training runs.</summary>
    public static Dictionary<string, string> Tags(TrainingStart start)
    {
        var tags = RunProcess.Tags();
        foreach (var (key, value) in GitState.Tags(start.Options.DataPath)) tags[key] = value;
        tags[MlflowTags.SourceName] = "Start-WmsTraining";
        tags[MlflowTags.SourceType] = MlflowTags.LocalSource;
        tags[RunTags.ModuleVersion] = start.Options.ModuleVersion ?? "";
        tags[RunTags.LibTorch] = LibTorchLocator.Version;
        tags[RunTags.Machine] = Machine;
        tags[RunTags.DataDigest] = start.DataDigest;
        tags[RunTags.SplitDigest] = start.SplitDigest;
        tags[RunTags.DataPath] = start.Options.DataPath;
        tags[RunTags.OutputPath] = start.Options.OutputPath;
        return tags;
    }

    /// <summary>The figures of an epoch.</summary>
    public static IReadOnlyList<Metric> Metrics(EpochRecord e, DateTimeOffset time) =>
    [
        new("train_loss_epoch", e.TrainingLoss, time, e.Epoch),
        new("val_loss_epoch", e.ValidationLoss, time, e.Epoch),
        new("val_dice_epoch", e.ValidationDice, time, e.Epoch),
        new("val_iou_epoch", e.ValidationIoU, time, e.Epoch),
        new("learning_rate_epoch", e.LearningRate, time, e.Epoch),
        new("photos_per_second_epoch", e.PhotosPerSecond, time, e.Epoch),
        new("seconds_epoch", e.Duration.TotalSeconds, time, e.Epoch),
    ];

    /// <summary>The scores of the model that was kept, at the step of its epoch.</summary>
    public static IReadOnlyList<Metric> Metrics(TrainingResult r, DateTimeOffset time)
    {
        (string Key, double? Value)[] scores =
        [
            ("val_dice", r.ValidationDice), ("val_iou", r.ValidationIoU),
            ("test_dice", r.TestDice), ("test_iou", r.TestIoU), ("test_hausdorff", r.TestHausdorff),
            (BestEpoch, r.BestEpoch), ("photos_per_second", r.PhotosPerSecond), ("seconds", r.Duration.TotalSeconds),
        ];
        return [.. scores.Where(s => s.Value is not null).Select(s => new Metric(s.Key, s.Value!.Value, time, r.BestEpoch ?? 0))];
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
