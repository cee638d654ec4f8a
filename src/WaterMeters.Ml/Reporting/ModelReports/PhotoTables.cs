using static WaterMeters.Ml.Reporting.ModelReports.ReportNumbers;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>The photos that a report names one by one.</summary>
internal static class PhotoTables
{
    private const double Visible = 0.00005; // less is no difference in four decimals

    /// <summary>Those that gained most.</summary>
    public static IReadOnlyList<ImageComparison> Gains(IReadOnlyList<ImageComparison> photos, int most) =>
        [.. photos.Where(p => p.DiceDifference > Visible).OrderByDescending(p => p.DiceDifference).ThenBy(p => p.Name, StringComparer.Ordinal).Take(most)];

    /// <summary>Those that lost most.</summary>
    public static IReadOnlyList<ImageComparison> Losses(IReadOnlyList<ImageComparison> photos, int most) =>
        [.. photos.Where(p => p.DiceDifference < -Visible).OrderBy(p => p.DiceDifference).ThenBy(p => p.Name, StringComparer.Ordinal).Take(most)];

    /// <summary>Those that the new model is worst on.</summary>
    public static IReadOnlyList<ImageComparison> Worst(IReadOnlyList<ImageComparison> photos, int most) =>
        [.. photos.OrderBy(p => p.CandidateDice).ThenBy(p => p.Name, StringComparer.Ordinal).Take(most)];

    /// <summary>A table of those that lost most, without a baseline of the worst; null without photos.</summary>
    public static ReportTable? Worsened(IReadOnlyList<ImageComparison> photos, int most)
    {
        bool isPaired = photos.Any(p => p.DiceDifference is not null);
        var shown = isPaired ? Losses(photos, most) : Worst(photos, most);
        int all = isPaired ? photos.Count(p => p.DiceDifference < -Visible) : photos.Count;
        if (shown.Count == 0) return null;
        string caption = (isPaired ? "Photos that lost" : "Photos with the lowest Dice") + (all > shown.Count ? $", the first {shown.Count} of {Count(all)}" : "");
        return new ReportTable(
            caption,
            [new("Photo"), new("New model", IsNumber: true), new("Production", IsNumber: true), new("Change of Dice", IsNumber: true), new("Window missed by"), new("Difficulty")],
            [.. shown.Select(p => (ReportCell[]) [new ReportCell(p.Name, IsName: true), Score(p.CandidateDice), Score(p.BaselineDice), Signed(p.DiceDifference), Missed(p), Difficulty(p)])]);
    }

    /// <summary>Which model misses the window of a photo.</summary>
    public static string Missed(ImageComparison p) => (p.CandidateMissed, p.BaselineMissed) switch
    {
        (true, true) => "both",
        (true, false) => "new model",
        (false, true) => "production",
        _ => "",
    };

    private static string Difficulty(ImageComparison p) =>
        string.Join(", ", new[] { p.Dark ? "dark" : null, p.Blurred ? "blurred" : null, p.SmallWindow ? "small window" : null }.OfType<string>());
}
