using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Charts;
using WaterMeters.Ml.Reporting.Markup;
using static WaterMeters.Ml.Reporting.ModelReports.ReportNumbers;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Writes the charts of a comparison: both models per photo, and the distribution of the differences.</summary>
internal static class ComparisonCharts
{
    private const double BinWidth = 0.001;

    /// <summary>Writes the charts; nothing without photos or without a baseline.</summary>
    public static void Write(HtmlWriter html, ModelComparison comparison, IReadOnlyList<ImageComparison> photos)
    {
        var paired = photos.Where(photo => photo.BaselineDice is not null).ToList();
        if (paired.Count == 0) return;
        html.Element("h2", "Results per photo").Open("div", ("class", "charts"));
        Scatter(html, paired);
        Spread(html, comparison, paired);
        html.CloseLine();
        html.Element("p", $"Above the bars: the {Interval(comparison)}.", ("class", "quiet"));
    }

    private static string Interval(ModelComparison c) =>
        $"mean change, {Signed(c.DiceDifference)}, with its {Percent(c.Confidence)} confidence interval, "
        + $"{Signed(c.DiceLower)} to {Signed(c.DiceUpper)}";

    private static void Scatter(HtmlWriter html, List<ImageComparison> photos)
    {
        string baseline = ComparedNames.InSentence(photos[0].Baseline);
        int better = photos.Count(photo => photo.DiceDifference > 0), worse = photos.Count(photo => photo.DiceDifference < 0);
        ChartSeries[] series =
        [
            Cloud("found by both", photo => !photo.CandidateMissed && photo.BaselineMissed != true),
            Cloud("window missed by the new model", photo => photo.CandidateMissed && photo.BaselineMissed != true),
            Cloud($"window missed by {baseline}", photo => photo.BaselineMissed == true && !photo.CandidateMissed),
            Cloud("window missed by both", photo => photo.CandidateMissed && photo.BaselineMissed == true),
        ];
        var text = new ChartText(
            "Dice per photo", ComparedNames.Baseline(photos[0].Baseline), "New model",
            $"Of {Count(photos.Count)} photos, the new model is better on {Count(better)} (above the diagonal) and worse on {Count(worse)} "
            + "(below it).");
        ScatterChart.Write(html, text, series, withDiagonal: true);

        ChartSeries Cloud(string name, Func<ImageComparison, bool> holds)
        {
            ChartPoint[] points = [.. photos.Where(holds).Select(photo => new ChartPoint(
                photo.BaselineDice!.Value, photo.CandidateDice,
                $"{HtmlText.Short(photo.Name, 60)}: {Score(photo.CandidateDice)}, was {Score(photo.BaselineDice)}"))];
            return new ChartSeries($"{name}: {Count(points.Length)}", points);
        }
    }

    private static void Spread(HtmlWriter html, ModelComparison comparison, List<ImageComparison> photos)
    {
        var counts = new BinnedCounts(BinWidth);
        foreach (var photo in photos) counts.Add(photo.DiceDifference ?? double.NaN);
        string interval = Interval(comparison);
        var range = comparison is { DiceLower: { } lower, DiceUpper: { } upper, DiceDifference: { } mean }
            ? new ChartRange(lower, mean, upper, interval)
            : null;
        var text = new ChartText(
            "Change in Dice", $"New model minus {ComparedNames.InSentence(comparison.Baseline)}", "Photos",
            $"Distribution of the changes on {Count(photos.Count)} photos; the {interval}.");
        Histogram.Write(html, text, counts.Bars(), new ChartMark(0, "no change"), range);
    }
}
