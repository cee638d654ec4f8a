using WaterMeters.Ml.Reporting.Markup;
using static WaterMeters.Ml.Reporting.ModelReports.ReportNumbers;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Creates the tables of trainings in a report.</summary>
internal static class TrainingTables
{
    /// <summary>Note that explains the columns of <see cref="Recipes"/>.</summary>
    public const string RecipeNote = "Stages: image size x epochs x batch size. Photos: training + validation + test.";

    private const int MostRows = 100;

    /// <summary>Creates the table of scores, one row per training.</summary>
    public static ReportTable Scores(IReadOnlyList<ReportedTraining> trainings) => new(
        Caption("Scores of the best epoch", trainings),
        [
            new("Training"), new("Seed", IsNumber: true), new("Validation Dice", IsNumber: true), new("Validation IoU", IsNumber: true),
            new("Test Dice", IsNumber: true), new("Test IoU", IsNumber: true), new("Test Hausdorff, pixels", IsNumber: true),
        ],
        Rows(trainings, t =>
        [
            Score(t.Score("val_dice")), Score(t.Score("val_iou")),
            Score(t.Score("test_dice")), Score(t.Score("test_iou")), Pixels(t.Score("test_hausdorff")),
        ]));

    /// <summary>Creates the table of recipes, one row per training.</summary>
    public static ReportTable Recipes(IReadOnlyList<ReportedTraining> trainings) => new(
        Caption("Training settings", trainings),
        [
            new("Training"), new("Seed", IsNumber: true), new("Stages"), new("Epochs", IsNumber: true), new("Best epoch", IsNumber: true),
            new("Photos", IsNumber: true), new("Channels", IsNumber: true), new("Precision"), new("Stop reason"),
            new("Time", IsNumber: true),
        ],
        Rows(trainings, t =>
        [
            t.Stages.Length > 0 ? t.Stages : None,
            Count(t.Result?.Epochs ?? (t.Epochs.Count > 0 ? t.Epochs[^1].Epoch : null)),
            Count(t.BestEpoch),
            t.Result is { } r ? $"{Count(r.TrainingPhotos)} + {Count(r.ValidationPhotos)} + {Count(r.TestPhotos)}" : None,
            Count(t.BaseChannels),
            t.Result?.Precision.ToString() ?? None,
            t.Result?.StopReason.ToString() ?? Unfinished(t),
            Time(t.Result?.Duration ?? TimeSpan.FromSeconds(t.Epochs.Sum(e => e.Duration.TotalSeconds))),
        ]));

    /// <summary>Creates the table of folders, one row per training.</summary>
    public static ReportTable Folders(IReadOnlyList<ReportedTraining> trainings) => new(
        Caption("Folders", trainings),
        [new("Training"), new("Seed", IsNumber: true), new("Last epoch ended"), new("Module version"), new("Folder")],
        Rows(trainings, t =>
        [
            t.LastEpochEnded is { } ended ? HtmlText.Moment(ended) : None,
            t.ModuleVersion is { } version ? new ReportCell(version, IsName: true) : None,
            new ReportCell(t.OutputPath, IsName: true),
        ]));

    private static string Unfinished(ReportedTraining t) => t.IsFinished || t.Epochs.Count == 0
        ? None
        : $"unfinished: epoch {Count(t.Epochs[^1].Epoch)} of {Count(t.Epochs[^1].Epochs)}";

    private static string Caption(string text, IReadOnlyList<ReportedTraining> trainings) =>
        trainings.Count > MostRows ? $"{text} ({MostRows} of {Count(trainings.Count)} trainings)" : text;

    private static ReportCell[][] Rows(IReadOnlyList<ReportedTraining> trainings, Func<ReportedTraining, ReportCell[]> cells) =>
    [
        .. trainings.Take(MostRows).Zip(TrainingNames.Of(trainings)).Select(t => (ReportCell[])
            [new ReportCell(t.Second, IsName: true), t.First.Seed is { } seed ? Plain(seed) : None, .. cells(t.First)]),
    ];
}
