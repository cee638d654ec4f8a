using System.Text;
using WaterMeters.Ml.Reporting.Markup;
using WaterMeters.Ml.Samples;

namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>Lines over one axis, such as losses over epochs.</summary>
internal static class LineChart
{
    private const int MostMarked = 40; // points of a line that are marked one by one

    /// <summary>Writes a chart of lines. A point that is not finite interrupts its line, and a point alone between two such ones is still marked.</summary>
    /// <param name="html">The page.</param>
    /// <param name="text">The chart's words.</param>
    /// <param name="series">The lines; a legend names them when there are several.</param>
    /// <param name="vertical">The axis upward; null for one over all points.</param>
    /// <param name="marks">Values to mark on the horizontal axis, such as where a stage begins.</param>
    public static void Write(HtmlWriter html, ChartText text, IReadOnlyList<ChartSeries> series, ChartAxis? vertical = null, IReadOnlyList<ChartMark>? marks = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        var finite = series.SelectMany(line => line.Points).Where(point => point.IsFinite).ToList();
        var across = ChartAxis.Over(finite.Select(point => point.X));
        var up = vertical ?? ChartAxis.Over(finite.Select(point => point.Y));
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
            if (point.IsFinite) path.Append(isDown ? 'L' : 'M').Append(ChartFrame.Format(frame.X(point.X))).Append(' ').Append(ChartFrame.Format(frame.Y(point.Y)));
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
