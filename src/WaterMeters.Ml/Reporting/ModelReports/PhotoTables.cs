using static WaterMeters.Ml.Reporting.ModelReports.ReportNumbers;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Selects the photos that a report lists individually.</summary>
internal static class PhotoTables
{
    private const double Visible = 0.00005; // a smaller difference is zero in four decimals

    /// <summary>Returns the photos with the largest gains of Dice, the largest first.</summary>
    public static IReadOnlyList<ImageComparison> Gains(IReadOnlyList<ImageComparison> photos, int most) =>
    [
        .. photos.Where(p => p.DiceDifference > Visible)
            .OrderByDescending(p => p.DiceDifference).ThenBy(p => p.Name, StringComparer.Ordinal).Take(most),
    ];

    /// <summary>Returns the photos with the largest losses of Dice, the largest first.</summary>
    public static IReadOnlyList<ImageComparison> Losses(IReadOnlyList<ImageComparison> photos, int most) =>
    [
        .. photos.Where(p => p.DiceDifference < -Visible)
            .OrderBy(p => p.DiceDifference).ThenBy(p => p.Name, StringComparer.Ordinal).Take(most),
    ];

    /// <summary>Returns the photos with the lowest Dice of the new model, the lowest first.</summary>
    public static IReadOnlyList<ImageComparison> Worst(IReadOnlyList<ImageComparison> photos, int most) =>
        [.. photos.OrderBy(p => p.CandidateDice).ThenBy(p => p.Name, StringComparer.Ordinal).Take(most)];

    /// <summary>Creates a table of the largest losses, or of the lowest Dice without a baseline; null without such photos.</summary>
    public static ReportTable? Worsened(IReadOnlyList<ImageComparison> photos, int most)
    {
        bool isPaired = photos.Any(p => p.DiceDifference is not null);
        var shown = isPaired ? Losses(photos, most) : Worst(photos, most);
        int all = isPaired ? photos.Count(p => p.DiceDifference < -Visible) : photos.Count;
        if (shown.Count == 0) return null;
        string caption = (isPaired ? "Photos on which the new model is worse" : "Photos with the lowest Dice")
            + (all > shown.Count ? $" ({shown.Count} of {Count(all)})" : "");
        return new ReportTable(
            caption,
            [
                new("Photo"), new("New model", IsNumber: true), new(ComparedNames.Baseline(shown[0].Baseline), IsNumber: true),
                new("Change in Dice", IsNumber: true), new("Window missed by"), new("Difficulty"),
            ],
            [.. shown.Select(p => (ReportCell[])
            [
                new ReportCell(p.Name, IsName: true), Score(p.CandidateDice), Score(p.BaselineDice), Signed(p.DiceDifference),
                Missed(p), Difficulty(p),
            ])]);
    }

    /// <summary>Returns which model misses the window of a photo; empty for none.</summary>
    public static string Missed(ImageComparison p) => (p.CandidateMissed, p.BaselineMissed) switch
    {
        (true, true) => "both",
        (true, _) => "new model",
        (false, true) => ComparedNames.InSentence(p.Baseline),
        _ => "",
    };

    private static string Difficulty(ImageComparison p) =>
        string.Join(
            ", ", new[] { p.Dark ? "dark" : null, p.Blurred ? "blurred" : null, p.SmallWindow ? "small window" : null }.OfType<string>());
}
