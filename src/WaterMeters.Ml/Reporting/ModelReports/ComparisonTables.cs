using WaterMeters.Ml.Reporting.Markup;
using static WaterMeters.Ml.Reporting.ModelReports.ReportNumbers;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>What a report says of a comparison, in tables and sentences.</summary>
internal static class ComparisonTables
{
    private static readonly HtmlColumn[] Facts = [new("Figure"), new("Value")];

    /// <summary>Whether it passed, in two words.</summary>
    public static string Banner(ModelComparison c) => c.Passed ? "Passed" : "Not passed";

    /// <summary>The verdict in words.</summary>
    public static string Verdict(ModelComparison c) => c.Verdict switch
    {
        ComparisonVerdict.Superior => "The new model is better.",
        ComparisonVerdict.NonInferior => "The new model is not worse by more than the margin.",
        ComparisonVerdict.Inferior => "The new model is worse.",
        ComparisonVerdict.NoBaseline => "There is no model to beat.",
        _ => "The photos do not decide it.",
    };

    /// <summary>The table of the seed system, and the rows that it lacked.</summary>
    public static ReportTable Scores(ModelComparison c) => new(
        "Scores on the same photos",
        [new("Metric"), new("New model", IsNumber: true), new("Production", IsNumber: true), new("Change", IsNumber: true)],
        [
            ["Dice", Score(c.CandidateDice), Score(c.BaselineDice), Signed(c.DiceDifference)],
            ["IoU", Score(c.CandidateIoU), Score(c.BaselineIoU), Signed(c.IoUDifference)],
            ["Hausdorff distance, pixels of the model's input", Pixels(c.CandidateHausdorff), Pixels(c.BaselineHausdorff), SignedPixels(c.HausdorffDifference)],
            ["Dice on the worst tenth", Score(c.CandidateWorstTenthDice), Score(c.BaselineWorstTenthDice), Signed(c.CandidateWorstTenthDice - c.BaselineWorstTenthDice)],
            c.Baseline is null
                ? ["Windows missed", Count(c.CandidateMissedWindows), None, None]
                : ["Windows missed, " + Count(c.BothMissedWindows) + " of them by both", Count(c.CandidateMissedWindows + c.BothMissedWindows), Count(c.BaselineMissedWindows + c.BothMissedWindows), Change(c.CandidateMissedWindows - c.BaselineMissedWindows)],
        ]);

    /// <summary>What the verdict rests on.</summary>
    public static ReportTable Evidence(ModelComparison c) => new("What the verdict rests on", Facts,
    [
        ["Photos compared on", Count(c.Photos)],
        ["Photos left out, seen by a model", Count(c.ExcludedPhotos) + (c.ProvenanceKnown ? "" : " at least")],
        ["Photos that a verdict needs", Count(c.MinimumPhotos) + (c.MissingPhotos > 0 ? $", {Count(c.MissingPhotos)} are missing" : "")],
        .. c.Baseline is null ? Array.Empty<ReportCell[]>() : (ReportCell[][])
        [
            ["Difference of Dice", Signed(c.DiceDifference)],
            [$"Its {Percent(c.Confidence)} interval", $"{Signed(c.DiceLower)} to {Signed(c.DiceUpper)}"],
            ["p-value, one-sided", $"{Score(c.PValue)}, better counts up to {Plain(c.Alpha)}"],
            ["Smallest difference that would show", Score(c.SmallestVisibleDifference)],
            ["p-value of the missed windows", Score(c.MissedWindowsPValue)],
            ["Margin", Plain(c.Margin)],
        ],
        ["Policy", c.Policy.ToString()],
        ["Lowest Dice that may pass", c.MinimumDice is null ? None : Plain(c.MinimumDice)],
        ["Resamples and their seed", $"{Count(c.Resamples)}, {Plain(c.Seed)}"],
    ]);

    /// <summary>The difference on photos that have a difficulty in common; null without a baseline.</summary>
    public static ReportTable? Slices(ModelComparison c) => c.Baseline is null ? null : new(
        "Photos that have a difficulty in common",
        [new("Slice"), new("Photos", IsNumber: true), new("Change of Dice", IsNumber: true), new("Interval", IsNumber: true)],
        [
            Slice("Dark", c.DarkPhotos, c.DarkDifference, c.DarkLower, c.DarkUpper),
            Slice("Blurred", c.BlurredPhotos, c.BlurredDifference, c.BlurredLower, c.BlurredUpper),
            Slice("Small window", c.SmallWindowPhotos, c.SmallWindowDifference, c.SmallWindowLower, c.SmallWindowUpper),
        ]);

    /// <summary>Which files were compared on what.</summary>
    public static ReportTable Files(ModelComparison c) => new(
        "Files", [new("What"), new("File"), new("SHA-256")],
        [
            ["New model", Name(c.Candidate), Name(c.CandidateDigest)],
            .. c.Baseline is null ? Array.Empty<ReportCell[]>() : (ReportCell[][]) [["Production", Name(c.Baseline), Name(c.BaselineDigest)]],
            [$"{c.Split} part of the data set", Name(c.DataPath), Name(c.TestDigest)],
        ]);

    /// <summary>How often this test was asked, in a sentence.</summary>
    public static string Ledger(ModelComparison c)
    {
        string decided = c.Decisions switch
        {
            0 => "How often this test has decided is not known.",
            1 => "This test has decided once, this time.",
            _ => $"This test has decided {Count(c.Decisions)} times, this time included.",
        };
        return c.LedgerNote is null || c.Reason.Contains(c.LedgerNote, StringComparison.Ordinal) ? decided : $"{decided} {c.LedgerNote}";
    }

    private static ReportCell[] Slice(string name, int photos, double? difference, double? lower, double? upper) =>
        [name, Count(photos), Signed(difference), lower is null ? None : $"{Signed(lower)} to {Signed(upper)}"];

    private static string Change(int difference) => difference > 0 ? "+" + Count(difference) : Count(difference);

    private static ReportCell Name(string? name) => name is null ? None : new ReportCell(name, IsName: true);
}
