using System.Text;
using WaterMeters.Ml.Reporting.Markup;
using WaterMeters.Ml.Samples;

namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>Points over two axes, such as the scores of two models photo by photo.</summary>
internal static class ScatterChart
{
    private const int MostLabelled = 500; // more are drawn as one cloud: each point for itself is 200 bytes

    /// <summary>Writes a chart of points.</summary>
    /// <param name="html">The page.</param>
    /// <param name="text">The chart's words.</param>
    /// <param name="series">The points; a legend names the series when there are several. Points that are not finite are left out.</param>
    /// <param name="withDiagonal">Whether both axes are one and its diagonal is drawn: above it are the points that gained.</param>
    public static void Write(HtmlWriter html, ChartText text, IReadOnlyList<ChartSeries> series, bool withDiagonal = false)
    {
        ArgumentNullException.ThrowIfNull(series);
        var finite = series.SelectMany(cloud => cloud.Points).Where(point => point.IsFinite).ToList();
        var across = ChartAxis.Over(finite.Select(point => point.X).Concat(withDiagonal ? finite.Select(point => point.Y) : []));
        var up = withDiagonal ? across : ChartAxis.Over(finite.Select(point => point.Y));
        ChartFrame.Write(html, text, across, up, frame =>
        {
            if (withDiagonal)
            {
                string from = $"{ChartFrame.Format(frame.X(across.Least))} {ChartFrame.Format(frame.Y(across.Least))}", to = $"{ChartFrame.Format(frame.X(across.Most))} {ChartFrame.Format(frame.Y(across.Most))}";
                html.Empty("path", ("class", "diagonal"), ("d", $"M{from}L{to}"));
            }

            foreach (var (number, cloud) in series.Index())
            {
                if (finite.Count > MostLabelled) Cloud(frame, number, cloud.Points);
                else foreach (var point in cloud.Points.Where(point => point.IsFinite)) Point(frame, number, point);
            }
        }, series.Count > 1 ? [.. series.Select(cloud => cloud.Name)] : null, withDiagonal ? ChartFrame.SquareHeight : ChartFrame.UsualHeight);
    }

    /// <summary>Draws one point, which tells its label to a pointer held over it.</summary>
    internal static void Point(ChartFrame frame, int number, ChartPoint point)
    {
        string outline = ChartMarker.Path(number, frame.X(point.X), frame.Y(point.Y), 3);
        if (point.Label is null) frame.Html.Empty("path", ("class", "dot " + ChartMarker.Fill(number)), ("d", outline));
        else frame.Html.Open("path", ("class", "dot " + ChartMarker.Fill(number)), ("d", outline)).Element("title", point.Label).Close();
    }

    /// <summary>Draws points as round ends of lines of no length, each place once: a chart of a million points is no larger than its plane.</summary>
    private static void Cloud(ChartFrame frame, int number, IReadOnlyList<ChartPoint> points)
    {
        var places = new HashSet<(int X, int Y)>();
        var path = new StringBuilder();
        foreach (var point in points)
        {
            if (!point.IsFinite) continue;
            var (x, y) = ((int)Math.Round(frame.X(point.X)), (int)Math.Round(frame.Y(point.Y)));
            if (places.Add((x, y))) path.Append('M').Append(ChartFrame.Format(x)).Append(' ').Append(ChartFrame.Format(y)).Append("h0");
        }

        if (path.Length > 0) frame.Html.Empty("path", ("class", "cloud " + ChartMarker.Line(number)), ("d", path.ToString()));
    }
}
