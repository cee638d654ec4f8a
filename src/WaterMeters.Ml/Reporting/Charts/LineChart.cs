using System.Text;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>Writes line charts over counted steps, such as losses over epochs.</summary>
internal static class LineChart
{
    private const int MostMarked = 40; // points of a line that get a marker

    /// <summary>Writes a chart. A point that is not finite interrupts its line; a point between two gaps still gets a marker.</summary>
    /// <param name="html">The page.</param>
    /// <param name="text">Title, axis labels and description.</param>
    /// <param name="series">The lines; several get a legend.</param>
    /// <param name="isScore">Whether the values are scores from 0 to 1.</param>
    /// <param name="marks">Values to mark on the horizontal axis, such as the start of a training stage.</param>
    public static void Write(
        HtmlWriter html,
        ChartText text,
        IReadOnlyList<ChartSeries> series,
        bool isScore = false,
        IReadOnlyList<ChartMark>? marks = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        var finite = series.SelectMany(line => line.Points).Where(point => point.IsFinite).ToList();
        var across = ChartAxis.OverCounts(finite.Select(point => point.X));
        var up = isScore ? ChartAxis.OverScores(finite.Select(point => point.Y)) : ChartAxis.Over(finite.Select(point => point.Y));
        ChartFrame.Write(html, text, across, up, frame =>
        {
            foreach (var mark in marks ?? [])
            {
                if (mark.Value >= across.Least && mark.Value <= across.Most) frame.Mark(mark);
            }

            foreach (var (number, line) in series.Index()) Draw(frame, number, line.Points);
        }, series.Count > 1 ? [.. series.Select(line => line.Name)] : null);
    }

    private static void Draw(ChartFrame frame, int number, IReadOnlyList<ChartPoint> points)
    {
        var path = new StringBuilder();
        bool isDown = false;
        foreach (var point in points)
        {
            if (point.IsFinite)
            {
                path.Append(isDown ? 'L' : 'M').Append(ChartFrame.Format(frame.X(point.X)));
                path.Append(' ').Append(ChartFrame.Format(frame.Y(point.Y)));
            }

            isDown = point.IsFinite;
        }

        if (path.Length == 0) return;
        frame.Html.Empty("path", ("class", "series " + ChartMarker.Line(number)), ("d", path.ToString()));
        int every = Math.Max(1, points.Count / MostMarked);
        for (int i = 0; i < points.Count; i++)
        {
            if (points[i].IsFinite && (i % every == 0 || IsAlone(points, i))) ScatterChart.Point(frame, number, points[i]);
        }
    }

    private static bool IsAlone(IReadOnlyList<ChartPoint> points, int at) =>
        (at == 0 || !points[at - 1].IsFinite) && (at + 1 == points.Count || !points[at + 1].IsFinite);
}
