using System.Globalization;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Creates the outputs of a build step for the steps after it, as names and values.</summary>
public static class StepOutputs
{
    /// <summary>
    /// Returns passed, verdict, dice, iou, baseline_dice, baseline_iou and version; unknown values are empty. Without a comparison, passed
    /// and verdict are those of the promotion of the training. Without a promotion, passed is false, because nothing was compared.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Create(ReportContents contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        var comparison = contents.Comparison;

        // Of several attempts, the chosen one: the others were not tested.
        var training = contents.Trainings.LastOrDefault(t => t.Result is { IsBest: true }) ?? contents.Trainings.LastOrDefault();
        return
        [
            new("passed", (comparison is null ? training?.Result?.Passed : comparison.Passed) == true ? "true" : "false"),
            new("verdict", (comparison is null ? training?.Result?.Verdict : comparison.Verdict)?.ToString() ?? ""),
            new("dice", Number(comparison?.CandidateDice ?? training?.Score("test_dice"))),
            new("iou", Number(comparison?.CandidateIoU ?? training?.Score("test_iou"))),
            new("baseline_dice", Number(comparison?.BaselineDice)),
            new("baseline_iou", Number(comparison?.BaselineIoU)),
            new("version", contents.ShortDigest ?? ""),
        ];
    }

    private static string Number(double? value) =>
        value is { } number && double.IsFinite(number) ? number.ToString("0.######", CultureInfo.InvariantCulture) : "";
}
