using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>The distribution of one measure of a data set, for a report.</summary>
/// <param name="Key">Its name in a JSON report.</param>
/// <param name="Title">Its title on a page: what is measured.</param>
/// <param name="Unit">Label of the horizontal axis.</param>
/// <param name="Items">What is counted: photos or masks.</param>
/// <param name="Limit">Limit of a check, or null.</param>
/// <param name="Bars">Its bars, from the smallest value to the largest; empty without values.</param>
/// <param name="Description">Range and median in a sentence.</param>
internal sealed record DatasetHistogram(
    string Key, string Title, string Unit, string Items, double? Limit, IReadOnlyList<HistogramBar> Bars, string Description)
{
    /// <summary>Returns the distributions that were measured.</summary>
    public static IReadOnlyList<DatasetHistogram> Of(DatasetStatistics statistics) =>
    [
        .. statistics.Measures.Select(m => new DatasetHistogram(m.Key, m.Title, m.Unit, m.Items, m.Limit, m.Counts.Bars(), Describe(m))),
    ];

    /// <summary>Returns the distributions of a report that was read from a file; unknown measures are left out.</summary>
    /// <param name="bars">The bars by the key of their measure.</param>
    public static IReadOnlyList<DatasetHistogram> Read(IReadOnlyDictionary<string, IReadOnlyList<HistogramBar>> bars) =>
    [
        .. from measure in new DatasetStatistics().Measures
           where bars.ContainsKey(measure.Key)
           let read = bars[measure.Key]
           select new DatasetHistogram(
               measure.Key, measure.Title, measure.Unit, measure.Items, measure.Limit, read,
               read.Count == 0
                   ? $"No {measure.Items} were measured."
                   : $"{HtmlText.Number(read.Sum(bar => bar.Count))} {measure.Items}, from {HtmlText.Number(read[0].From, 2)} to "
                       + $"{HtmlText.Number(read[^1].To, 2)}."),
    ];

    private static string Describe(DatasetDistribution measure)
    {
        var counts = measure.Counts;
        return counts.Count == 0
            ? $"No {measure.Items} were measured."
            : $"{HtmlText.Number(counts.Count)} {measure.Items}, from {HtmlText.Number(counts.Least, 2)} to "
                + $"{HtmlText.Number(counts.Most, 2)}; the median is {HtmlText.Number(counts.Median, 2)}.";
    }
}
