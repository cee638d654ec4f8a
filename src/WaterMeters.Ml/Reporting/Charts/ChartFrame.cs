using System.Globalization;
using WaterMeters.Ml.Reporting.Markup;
using WaterMeters.Ml.Samples;

namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>
/// The image that all charts share: axes, ticks, their words, and the place between them. It is SVG in the page, its words are text: they
/// are as sharp on paper as on any screen, need no font of this machine, and can be read aloud.
/// </summary>
internal sealed class ChartFrame
{
    /// <summary>The width of a chart in its own units; on a phone these are about as large as a pixel, so that its text stays readable.</summary>
    public const int Width = 400;

    /// <summary>The usual height of a chart.</summary>
    public const int UsualHeight = 240;

    /// <summary>The height of a chart whose two axes are alike.</summary>
    public const int SquareHeight = 400;

    private const int Left = 54, Right = 14, Top = 26, Bottom = 42;

    private readonly ChartAxis horizontal, vertical;
    private readonly int height;

    private ChartFrame(HtmlWriter html, ChartAxis horizontal, ChartAxis vertical, int height) =>
        (Html, this.horizontal, this.vertical, this.height) = (html, horizontal, vertical, height);

    /// <summary>The page.</summary>
    public HtmlWriter Html { get; }

    /// <summary>Writes a chart.</summary>
    /// <param name="html">The page.</param>
    /// <param name="text">Its words.</param>
    /// <param name="horizontal">The axis to the right.</param>
    /// <param name="vertical">The axis upward.</param>
    /// <param name="content">Draws what is in it.</param>
    /// <param name="legend">The names of its series; none for a chart that needs no legend.</param>
    /// <param name="height">Its height.</param>
    public static void Write(HtmlWriter html, ChartText text, ChartAxis horizontal, ChartAxis vertical, Action<ChartFrame> content, IReadOnlyList<string>? legend = null, int height = UsualHeight)
    {
        ArgumentNullException.ThrowIfNull(html);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(content);
        var frame = new ChartFrame(html, horizontal, vertical, height);
        string title = html.NewId("title"), description = html.NewId("description");
        html.Open("figure", ("class", "chart")).Element("figcaption", text.Title);
        html.Open("svg", ("viewBox", $"0 0 {Format(Width)} {Format(height)}"), ("role", "img"), ("aria-labelledby", $"{title} {description}"));
        html.Element("title", text.Title, ("id", title)).Element("desc", text.Description, ("id", description));
        frame.Axes(text);
        content(frame);
        html.CloseLine();
        if (legend is { Count: > 0 }) Legend(html, legend);
        html.CloseLine();
    }

    /// <summary>Where a value of the horizontal axis is.</summary>
    public double X(double value) => Left + (horizontal.Part(value) * (Width - Left - Right));

    /// <summary>Where a value of the vertical axis is; up is less.</summary>
    public double Y(double value) => height - Bottom - (vertical.Part(value) * (height - Top - Bottom));

    /// <summary>A coordinate, to a tenth of a unit.</summary>
    public static string Format(double coordinate) => coordinate.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A line from the top of the chart to its bottom, with a word at it.</summary>
    public void Mark(ChartMark mark)
    {
        double x = X(mark.Value);
        bool isLeft = x < Width / 2;
        Html.Empty("path", ("class", "mark"), ("d", $"M{Format(x)} {Format(Top)}V{Format(height - Bottom)}"));
        Html.Element("text", mark.Label, ("x", Format(x + (isLeft ? 4 : -4))), ("y", Format(Top + 10)), ("text-anchor", isLeft ? "start" : "end"));
    }

    /// <summary>A stretch of the horizontal axis, drawn as one draws an interval: a bar with an end on either side and a point within.</summary>
    public void Range(ChartRange range)
    {
        double left = X(range.From), right = X(range.To), middle = X(range.Middle), y = Top + 24;
        Html.Open("path", ("class", "range"), ("d", $"M{Format(left)} {Format(y - 6)}v12M{Format(right)} {Format(y - 6)}v12M{Format(left)} {Format(y)}H{Format(right)}")).Element("title", range.Label).Close();
        Html.Empty("path", ("class", "dot d2"), ("d", ChartMarker.Path(0, middle, y, 4)));
    }

    private void Axes(ChartText text)
    {
        double bottom = height - Bottom, right = Width - Right;
        string grid = string.Concat(vertical.Ticks.Select(tick => $"M{Format(Left)} {Format(Y(tick))}H{Format(right)}"));
        string ticks = string.Concat(horizontal.Ticks.Select(tick => $"M{Format(X(tick))} {Format(bottom)}v4"));
        Html.Empty("path", ("class", "grid"), ("d", grid));
        Html.Empty("path", ("class", "axis"), ("d", $"M{Format(Left)} {Format(Top)}V{Format(bottom)}H{Format(right)}{ticks}"));
        foreach (double tick in vertical.Ticks) Html.Element("text", vertical.Label(tick), ("x", Format(Left - 6)), ("y", Format(Y(tick) + 4)), ("text-anchor", "end"));
        foreach (double tick in horizontal.Ticks) Html.Element("text", horizontal.Label(tick), ("x", Format(X(tick))), ("y", Format(bottom + 17)), ("text-anchor", "middle"));
        Html.Element("text", text.Vertical, ("x", "2"), ("y", "13"));
        Html.Element("text", text.Horizontal, ("x", Format((Left + right) / 2)), ("y", Format(height - 6)), ("text-anchor", "middle"));
    }

    /// <summary>Text of the page and not of the image: names may be long, and are wrapped.</summary>
    private static void Legend(HtmlWriter html, IReadOnlyList<string> names)
    {
        html.Open("ul", ("class", "legend"));
        foreach (var (number, name) in names.Index())
        {
            html.Open("li").Open("svg", ("viewBox", "0 0 36 12"), ("aria-hidden", "true"));
            html.Empty("path", ("class", "series " + ChartMarker.Line(number)), ("d", "M2 6H34"));
            html.Empty("path", ("class", "dot " + ChartMarker.Fill(number)), ("d", ChartMarker.Path(number, 18, 6, 4)));
            html.Close().Text(name).Close();
        }

        html.Close();
    }
}
