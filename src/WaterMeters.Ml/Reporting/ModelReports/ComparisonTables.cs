using WaterMeters.Ml.Reporting.Markup;
using static WaterMeters.Ml.Reporting.ModelReports.ReportNumbers;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Creates the tables and sentences of a comparison in a report.</summary>
internal static class ComparisonTables
{
    private static readonly HtmlColumn[] Facts = [new("Figure"), new("Value")];

    /// <summary>Returns "Passed" or "Not passed".</summary>
    public static string Banner(ModelComparison c) => c.Passed ? "Passed" : "Not passed";

    /// <summary>Returns the verdict as a sentence.</summary>
    public static string Verdict(ModelComparison c) => c.Verdict switch
    {
        ComparisonVerdict.Superior => "The new model is better.",
        ComparisonVerdict.NonInferior => "The new model is not worse by more than the margin allows.",
        ComparisonVerdict.Inferior => "The new model is worse.",
        ComparisonVerdict.NoBaseline => "There is no model in production to compare with.",
        _ => "The result is inconclusive.",
    };

    /// <summary>Creates the table of the legacy pipeline, plus more rows.</summary>
    public static ReportTable Scores(ModelComparison c) => new(
        "Scores on the same photos",
        [
            new("Metric"), new("New model", IsNumber: true), new(ComparedNames.Baseline(c.Baseline), IsNumber: true),
            new("Change", IsNumber: true),
        ],
        [
            ["Dice", Score(c.CandidateDice), Score(c.BaselineDice), Signed(c.DiceDifference)],
            ["IoU", Score(c.CandidateIoU), Score(c.BaselineIoU), Signed(c.IoUDifference)],
            [
                "Hausdorff distance, pixels of the model's input",
                Pixels(c.CandidateHausdorff), Pixels(c.BaselineHausdorff), SignedPixels(c.HausdorffDifference),
            ],
            [
                "Dice on the worst 10% of the photos",
                Score(c.CandidateWorstTenthDice), Score(c.BaselineWorstTenthDice),
                Signed(c.CandidateWorstTenthDice - c.BaselineWorstTenthDice),
            ],
            c.Baseline is null
                ? ["Windows missed", Count(c.CandidateMissedWindows), None, None]
                :
                [
                    $"Windows missed ({Count(c.BothMissedWindows)} by both models)",
                    Count(c.CandidateMissedWindows + c.BothMissedWindows), Count(c.BaselineMissedWindows + c.BothMissedWindows),
                    Change(c.CandidateMissedWindows - c.BaselineMissedWindows),
                ],
        ]);

    /// <summary>Creates the table of the statistics behind the verdict.</summary>
    public static ReportTable Evidence(ModelComparison c) => new("Basis of the verdict", Facts,
    [
        ["Photos compared", Count(c.Photos)],
        ["Photos excluded because a model has seen them", (c.ProvenanceKnown ? "" : "at least ") + Count(c.ExcludedPhotos)],
        ["Photos needed for a verdict", Count(c.MinimumPhotos) + (c.MissingPhotos > 0 ? $" (add {Count(c.MissingPhotos)} more)" : "")],
        .. c.Baseline is null ? Array.Empty<ReportCell[]>() : (ReportCell[][])
        [
            ["Difference in Dice", Signed(c.DiceDifference)],
            [$"{Percent(c.Confidence)} confidence interval", $"{Signed(c.DiceLower)} to {Signed(c.DiceUpper)}"],
            ["p-value, one-sided", $"{Score(c.PValue)} (at most {Plain(c.EffectiveAlpha)} counts as better{Requested(c)})"],
            ["Smallest detectable gain in Dice", Score(c.SmallestVisibleDifference)],
            ["p-value of the missed windows", Score(c.MissedWindowsPValue)],
            ["Margin", Plain(c.Margin)],
        ],
        ["Policy", c.Policy.ToString()],
        ["Required minimum Dice", c.MinimumDice is null ? None : Plain(c.MinimumDice)],
        ["Resamples, seed", $"{Count(c.Resamples)}, {Plain(c.Seed)}"],
    ]);

    /// <summary>Creates the table of the difficult photos; null without a baseline.</summary>
    public static ReportTable? Slices(ModelComparison c) => c.Baseline is null ? null : new(
        "Difficult photos",
        [new("Slice"), new("Photos", IsNumber: true), new("Change in Dice", IsNumber: true), new("Interval", IsNumber: true)],
        [
            Slice("Dark", c.DarkPhotos, c.DarkDifference, c.DarkLower, c.DarkUpper),
            Slice("Blurred", c.BlurredPhotos, c.BlurredDifference, c.BlurredLower, c.BlurredUpper),
            Slice("Small window", c.SmallWindowPhotos, c.SmallWindowDifference, c.SmallWindowLower, c.SmallWindowUpper),
        ]);

    /// <summary>Creates the table of the files compared.</summary>
    public static ReportTable Files(ModelComparison c) => new(
        "Files", [new("What"), new("File"), new("SHA-256")],
        [
            ["New model", Name(c.Candidate), Name(c.CandidateDigest)],
            .. c.Baseline is null
                ? Array.Empty<ReportCell[]>()
                : (ReportCell[][]) [[ComparedNames.Baseline(c.Baseline), Name(c.Baseline), Name(c.BaselineDigest)]],
            [$"{c.Split} part of the data set", Name(c.DataPath), Name(c.TestDigest)],
        ]);

    /// <summary>Returns the number of decisions of this test as a sentence.</summary>
    public static string Ledger(ModelComparison c)
    {
        string decisions = c.Decisions switch
        {
            null => "The number of decisions on this test is unknown.",
            1 => "This is the first decision on this test.",
            _ => $"This test has made {Count(c.Decisions)} decisions, including this one.",
        };
        bool noted = c.LedgerNote is null || c.Reason.Contains(c.LedgerNote, StringComparison.Ordinal);
        return noted ? decisions : $"{decisions} {c.LedgerNote}";
    }

    private static ReportCell[] Slice(string name, int photos, double? difference, double? lower, double? upper) =>
        [name, Count(photos), Signed(difference), lower is null ? None : $"{Signed(lower)} to {Signed(upper)}"];

    private static string Change(int? difference) => difference > 0 ? "+" + Count(difference) : Count(difference);

    // With few photos, the limit is lower than the one asked for.
    private static string Requested(ModelComparison c) =>
        c.EffectiveAlpha < c.Alpha ? $" with {Count(c.Photos)} photos; {Plain(c.Alpha)} from 125 on" : "";

    private static ReportCell Name(string? name) => name is null ? None : new ReportCell(name, IsName: true);
}
