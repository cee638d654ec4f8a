using System.Text;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>Writes scatter charts, such as the scores of two models per photo.</summary>
internal static class ScatterChart
{
    private const int MostLabelled = 500; // more points are drawn as one path: an element per point takes 200 bytes

    /// <summary>Writes a chart.</summary>
    /// <param name="html">The page.</param>
    /// <param name="text">Title, axis labels and description.</param>
    /// <param name="series">The points; several series get a legend. Points that are not finite are left out.</param>
    /// <param name="withDiagonal">Whether both axes are the same scale of scores from 0 to 1, and the diagonal is drawn.</param>
    public static void Write(HtmlWriter html, ChartText text, IReadOnlyList<ChartSeries> series, bool withDiagonal = false)
    {
        ArgumentNullException.ThrowIfNull(series);
        var finite = series.SelectMany(cloud => cloud.Points).Where(point => point.IsFinite).ToList();
        var across = withDiagonal
            ? ChartAxis.OverScores(finite.SelectMany(point => new[] { point.X, point.Y }))
            : ChartAxis.Over(finite.Select(point => point.X));
        var up = withDiagonal ? across : ChartAxis.Over(finite.Select(point => point.Y));
        ChartFrame.Write(html, text, across, up, frame =>
        {
            if (withDiagonal)
            {
                string from = $"{ChartFrame.Format(frame.X(across.Least))} {ChartFrame.Format(frame.Y(across.Least))}";
                string to = $"{ChartFrame.Format(frame.X(across.Most))} {ChartFrame.Format(frame.Y(across.Most))}";
                html.Empty("path", ("class", "diagonal"), ("d", $"M{from}L{to}"));
            }

            foreach (var (number, cloud) in series.Index())
            {
                if (finite.Count > MostLabelled) Cloud(frame, number, cloud.Points);
                else foreach (var point in cloud.Points.Where(point => point.IsFinite)) Point(frame, number, point);
            }
        },
        series.Count > 1 ? [.. series.Select(cloud => cloud.Name)] : null,
        withDiagonal ? ChartFrame.SquareHeight : ChartFrame.UsualHeight);
    }

    /// <summary>Draws one point, with its label as a tooltip.</summary>
    internal static void Point(ChartFrame frame, int number, ChartPoint point)
    {
        string outline = ChartMarker.Path(number, frame.X(point.X), frame.Y(point.Y), 3);
        if (point.Label is null) frame.Html.Empty("path", ("class", "dot " + ChartMarker.Fill(number)), ("d", outline));
        else frame.Html.Open("path", ("class", "dot " + ChartMarker.Fill(number)), ("d", outline)).Element("title", point.Label).Close();
    }

    /// <summary>Draws points as zero-length lines with round caps, each pixel once, which bounds the size of the chart.</summary>
    private static void Cloud(ChartFrame frame, int number, IReadOnlyList<ChartPoint> points)
    {
        var drawn = new HashSet<(int X, int Y)>();
        var path = new StringBuilder();
        foreach (var point in points)
        {
            if (!point.IsFinite) continue;
            var (x, y) = ((int)Math.Round(frame.X(point.X)), (int)Math.Round(frame.Y(point.Y)));
            if (drawn.Add((x, y))) path.Append('M').Append(ChartFrame.Format(x)).Append(' ').Append(ChartFrame.Format(y)).Append("h0");
        }

        if (path.Length > 0) frame.Html.Empty("path", ("class", "cloud " + ChartMarker.Line(number)), ("d", path.ToString()));
    }
}
