using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.ModelReports;

namespace WaterMeters.Ml.Tests.Reporting.ModelReports;

/// <summary>Sample records of a comparison and a training.</summary>
internal static class ReportSamples
{
    public static ModelComparison Comparison { get; } = new()
    {
        Verdict = ComparisonVerdict.Superior, Passed = true, Policy = GatePolicy.Superior, Reason = "+0.0123 Dice: better.",
        Flags = "BaselineFindsNothing, TestUsedOften",
        Candidate = "/runs/new/model.safetensors", Baseline = "/models/production.safetensors", ModelPath = "/runs/new/model.safetensors",
        DataPath = "/data", Split = DatasetSplit.Test,
        Photos = 120, ExcludedPhotos = 3, MinimumPhotos = 100, CandidateDice = 0.9123, BaselineDice = 0.9, DiceDifference = 0.0123,
        DiceLower = 0.001, DiceUpper = 0.02, PValue = 0.0004,
        SmallestVisibleDifference = 0.005, CandidateIoU = 0.85, BaselineIoU = 0.84, IoUDifference = 0.01, CandidateHausdorff = 3.26,
        BaselineHausdorff = 4, HausdorffDifference = -0.74,
        CandidateWorstTenthDice = 0.5, BaselineWorstTenthDice = 0.4, CandidateMissedWindows = 1, BaselineMissedWindows = 3,
        BothMissedWindows = 2, MissedWindowsPValue = 0.9,
        DarkPhotos = 30, DarkDifference = 0.01, DarkLower = -0.01, DarkUpper = 0.03, Confidence = 0.95,
        Alpha = 0.025, EffectiveAlpha = 0.025, Margin = 0.01,
        Resamples = 10_000, Seed = 1, ProvenanceKnown = true,
        CandidateDigest = new string('a', 64), BaselineDigest = new string('b', 64), TestDigest = new string('c', 64), Decisions = 4,
        Duration = TimeSpan.FromSeconds(12.5),
    };

    public static IReadOnlyList<ImageComparison> Photos { get; } =
    [
        Photo("gained", 0.9, 0.5), Photo("lost", 0.3, 0.8) with { Dark = true }, Photo("missed", 0, 0.8) with { CandidateMissed = true },
        Photo("same", 0.7, 0.7),
    ];

    public static ReportedTraining Training { get; } = new()
    {
        OutputPath = "/runs/new", ModelPath = "/runs/new/model.safetensors", Seed = 7, BaseChannels = 16, ModuleVersion = "0.1.0",
        Epochs = [Epoch(1, 64, 8, 0.9), Epoch(2, 64, 8, 0.7), Epoch(3, 128, 4, 0.5)],
        Scores = new Dictionary<string, double>
        {
            ["val_dice"] = 0.91, ["val_iou"] = 0.84, ["test_dice"] = 0.9, ["test_iou"] = 0.83, ["test_hausdorff"] = double.NaN,
        },
    };

    public static ReportContents Both { get; } = new() { Comparison = Comparison, Photos = Photos, Trainings = [Training] };

    public static EpochRecord Epoch(int number, int size, int batch, double loss) => new()
    {
        Epoch = number, Epochs = 3, Size = size, BatchSize = batch, LearningRate = 1e-3, TrainingLoss = loss, ValidationLoss = loss + 0.1,
        ValidationDice = 1 - loss, ValidationIoU = 0.8 - (loss / 2),
        IsBest = true, PhotosPerSecond = 10, Duration = TimeSpan.FromSeconds(2),
    };

    public static ImageComparison Photo(string name, double ours, double theirs) => new()
    {
        Name = name, ImagePath = $"/data/images/{name}.jpg", MaskPath = $"/data/masks/{name}.png", Split = DatasetSplit.Test,
        CandidateDice = ours, BaselineDice = theirs, DiceDifference = ours - theirs,
        CandidateIoU = ours / 2, BaselineIoU = theirs / 2, Candidate = Comparison.Candidate, Baseline = Comparison.Baseline,
    };
}
