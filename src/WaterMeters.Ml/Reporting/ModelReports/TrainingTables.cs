using static WaterMeters.Ml.Reporting.ModelReports.ReportNumbers;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>What a report says of trainings, in tables.</summary>
internal static class TrainingTables
{
    private const int MostRows = 100;

    /// <summary>Their scores, a row a training.</summary>
    public static ReportTable Scores(IReadOnlyList<ReportedTraining> trainings) => new(
        Caption("Scores of the best epoch", trainings),
        [
            new("Training"), new("Seed", IsNumber: true), new("Validation Dice", IsNumber: true), new("Validation IoU", IsNumber: true),
            new("Test Dice", IsNumber: true), new("Test IoU", IsNumber: true), new("Test Hausdorff, pixels", IsNumber: true),
        ],
        Rows(trainings, t =>
            [Score(t.Score("val_dice")), Score(t.Score("val_iou")), Score(t.Score("test_dice")), Score(t.Score("test_iou")), Pixels(t.Score("test_hausdorff"))]));

    /// <summary>How they were made, a row a training.</summary>
    public static ReportTable Recipes(IReadOnlyList<ReportedTraining> trainings) => new(
        Caption("How they were trained", trainings),
        [
            new("Training"), new("Seed", IsNumber: true), new("Stages"), new("Epochs", IsNumber: true), new("Best epoch", IsNumber: true), new("Photos", IsNumber: true), new("Channels", IsNumber: true),
            new("Precision"), new("Ended by"), new("Time", IsNumber: true),
        ],
        Rows(trainings, t =>
        [
            t.Stages.Length > 0 ? t.Stages : None,
            Count(t.Result?.Epochs ?? (t.Epochs.Count > 0 ? t.Epochs[^1].Epoch : null)),
            Count(t.BestEpoch),
            t.Result is { } r ? $"{Count(r.TrainingPhotos)} + {Count(r.ValidationPhotos)} + {Count(r.TestPhotos)}" : None,
            Count(t.BaseChannels),
            t.Result?.Precision.ToString() ?? None,
            t.Result?.StopReason.ToString() ?? None,
            Time(t.Result?.Duration ?? TimeSpan.FromSeconds(t.Epochs.Sum(e => e.Duration.TotalSeconds))),
        ]));

    /// <summary>Where they lie, a row a training.</summary>
    public static ReportTable Folders(IReadOnlyList<ReportedTraining> trainings) => new(
        Caption("Where they lie", trainings), [new("Training"), new("Seed", IsNumber: true), new("Module"), new("Folder")],
        Rows(trainings, t => [t.ModuleVersion is { } version ? new ReportCell(version, IsName: true) : None, new ReportCell(t.OutputPath, IsName: true)]));

    /// <summary>The name of a training: of several its number, for their folders may be called alike.</summary>
    public static string Name(int number, int of) => of == 1 ? "Training" : FormattableString.Invariant($"Training {number + 1}");

    private static string Caption(string text, IReadOnlyList<ReportedTraining> trainings) =>
        trainings.Count > MostRows ? $"{text}; the first {MostRows} of {Count(trainings.Count)} trainings" : text;

    private static ReportCell[][] Rows(IReadOnlyList<ReportedTraining> trainings, Func<ReportedTraining, ReportCell[]> cells) =>
        [.. trainings.Take(MostRows).Index().Select(t => (ReportCell[]) [Name(t.Index, trainings.Count), t.Item.Seed is { } seed ? Plain(seed) : None, .. cells(t.Item)])];
}
