using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>Writes a histogram: bars that show the distribution of values.</summary>
internal static class Histogram
{
    private const double MostBarWidth = 46; // a single bar would fill the chart and not look like a bar

    /// <summary>Writes a histogram.</summary>
    /// <param name="html">The page.</param>
    /// <param name="text">Title, axis labels and description.</param>
    /// <param name="bars">The bars, from the smallest value to the largest.</param>
    /// <param name="mark">Value to mark if the axis contains it, or null.</param>
    /// <param name="range">Interval to draw over the bars, or null; the axis covers it.</param>
    public static void Write(
        HtmlWriter html, ChartText text, IReadOnlyList<HistogramBar> bars, ChartMark? mark = null, ChartRange? range = null)
    {
        ArgumentNullException.ThrowIfNull(bars);
        double width = bars.Where(bar => !bar.IsTail).Select(bar => bar.To - bar.From).FirstOrDefault(1);
        List<(double From, double To)> spans = [.. bars.Select((bar, i) => !bar.IsTail ? (bar.From, bar.To)
            : i == 0 ? (bar.To - (1.5 * width), bar.To - (0.5 * width))
            : (bar.From + (0.5 * width), bar.From + (1.5 * width)))];
        var (least, most) = spans.Count == 0 ? (0, 1) : (spans[0].From, spans[^1].To);
        if (range is not null) (least, most) = (Math.Min(least, range.From), Math.Max(most, range.To));
        var across = ChartAxis.Between(least, most);
        var up = ChartAxis.OverCounts(bars.Select(bar => (double)bar.Count).Append(0).Append(bars.Count == 0 ? 1 : 0), 4);
        ChartFrame.Write(html, text, across, up, frame =>
        {
            foreach (var (bar, (from, to)) in bars.Zip(spans))
            {
                if (bar.Count > 0) Draw(frame, bar, from, to);
            }

            if (mark is not null && mark.Value >= across.Least && mark.Value <= across.Most) frame.Mark(mark);
            if (range is not null) frame.Range(range);
        });
    }

    private static void Draw(ChartFrame frame, HistogramBar bar, double from, double to)
    {
        double left = frame.X(from), right = frame.X(to), top = frame.Y(bar.Count), bottom = frame.Y(0);
        if (right - left > MostBarWidth)
        {
            (left, right) = (((left + right) / 2) - (MostBarWidth / 2), ((left + right) / 2) + (MostBarWidth / 2));
        }

        double gap = Math.Min(1, (right - left) / 5);
        frame.Html.Open(
            "rect", ("class", bar.IsTail ? "tail" : "bar"),
            ("x", ChartFrame.Format(left + (gap / 2))), ("y", ChartFrame.Format(Math.Min(top, bottom - 1))),
            ("width", ChartFrame.Format(right - left - gap)), ("height", ChartFrame.Format(Math.Max(1, bottom - top))));
        string range = string.Create(CultureInfo.InvariantCulture, $"{bar.From:0.####} to {bar.To:0.####}");
        string label = string.Create(CultureInfo.InvariantCulture, $"{range}: {bar.Count}{(bar.IsTail ? ", spread over this range" : "")}");
        frame.Html.Element("title", label).Close();
    }
}
