using System.Globalization;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>
/// The frame that all charts share: axes, ticks, labels and the plot area. It is inline SVG and its labels are text: sharp on screen and
/// paper, independent of fonts of this machine, and readable by screen readers.
/// </summary>
internal sealed class ChartFrame
{
    /// <summary>Width of a chart in SVG units; on a phone a unit is about a pixel, so the text stays readable.</summary>
    public const int Width = 400;

    /// <summary>Default height of a chart.</summary>
    public const int UsualHeight = 240;

    /// <summary>Height of a chart with two equal axes.</summary>
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
    /// <param name="text">Title, axis labels and description.</param>
    /// <param name="horizontal">Horizontal axis.</param>
    /// <param name="vertical">Vertical axis.</param>
    /// <param name="content">Draws the content of the plot area.</param>
    /// <param name="legend">Names of the series; null for no legend.</param>
    /// <param name="height">Height in SVG units.</param>
    public static void Write(
        HtmlWriter html,
        ChartText text,
        ChartAxis horizontal,
        ChartAxis vertical,
        Action<ChartFrame> content,
        IReadOnlyList<string>? legend = null,
        int height = UsualHeight)
    {
        ArgumentNullException.ThrowIfNull(html);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(content);
        var frame = new ChartFrame(html, horizontal, vertical, height);
        string title = html.NewId("title"), description = html.NewId("description");
        html.Open("figure", ("class", "chart")).Element("figcaption", text.Title);
        html.Open(
            "svg", ("viewBox", $"0 0 {Format(Width)} {Format(height)}"), ("role", "img"), ("aria-labelledby", $"{title} {description}"));
        html.Element("title", text.Title, ("id", title)).Element("desc", text.Description, ("id", description));
        frame.Axes(text);
        content(frame);
        html.CloseLine();
        if (legend is { Count: > 0 }) Legend(html, legend);
        html.CloseLine();
    }

    /// <summary>Returns the x coordinate of a value.</summary>
    public double X(double value) => Left + (horizontal.Fraction(value) * (Width - Left - Right));

    /// <summary>Returns the y coordinate of a value; smaller is higher.</summary>
    public double Y(double value) => height - Bottom - (vertical.Fraction(value) * (height - Top - Bottom));

    /// <summary>Formats a coordinate, to a tenth of a unit.</summary>
    public static string Format(double coordinate) => coordinate.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Draws a labelled vertical line.</summary>
    public void Mark(ChartMark mark)
    {
        double x = X(mark.Value);
        bool isLeft = x < Width / 2;
        Html.Empty("path", ("class", "mark"), ("d", $"M{Format(x)} {Format(Top)}V{Format(height - Bottom)}"));
        Html.Element(
            "text", mark.Label, ("x", Format(x + (isLeft ? 4 : -4))), ("y", Format(Top + 10)), ("text-anchor", isLeft ? "start" : "end"));
    }

    /// <summary>Draws an interval of the horizontal axis: a bar with caps and a point inside.</summary>
    public void Range(ChartRange range)
    {
        double left = X(range.From), right = X(range.To), middle = X(range.Middle), y = Top + 24;
        string path = $"M{Format(left)} {Format(y - 6)}v12M{Format(right)} {Format(y - 6)}v12M{Format(left)} {Format(y)}H{Format(right)}";
        Html.Open("path", ("class", "range"), ("d", path)).Element("title", range.Label).Close();
        Html.Empty("path", ("class", "dot d2"), ("d", ChartMarker.Path(0, middle, y, 4)));
    }

    private void Axes(ChartText text)
    {
        double bottom = height - Bottom, right = Width - Right;
        string grid = string.Concat(vertical.Ticks.Select(tick => $"M{Format(Left)} {Format(Y(tick))}H{Format(right)}"));
        string ticks = string.Concat(horizontal.Ticks.Select(tick => $"M{Format(X(tick))} {Format(bottom)}v4"));
        Html.Empty("path", ("class", "grid"), ("d", grid));
        Html.Empty("path", ("class", "axis"), ("d", $"M{Format(Left)} {Format(Top)}V{Format(bottom)}H{Format(right)}{ticks}"));
        foreach (double tick in vertical.Ticks) Label(vertical.Label(tick), Left - 6, Y(tick) + 4, "end");
        foreach (double tick in horizontal.Ticks) Label(horizontal.Label(tick), X(tick), bottom + 17, "middle");
        Html.Element("text", text.Vertical, ("x", "2"), ("y", "13"));
        Label(text.Horizontal, (Left + right) / 2, height - 6, "middle");

        void Label(string label, double x, double y, string anchor) =>
            Html.Element("text", label, ("x", Format(x)), ("y", Format(y)), ("text-anchor", anchor));
    }

    /// <summary>Writes the legend as HTML outside of the SVG, because long names need to wrap.</summary>
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

/// <summary>The texts of a chart.</summary>
/// <param name="Title">Title above the chart.</param>
/// <param name="Horizontal">Label of the horizontal axis, with its unit.</param>
/// <param name="Vertical">Label of the vertical axis, with its unit.</param>
/// <param name="Description">Description for screen readers.</param>
internal sealed record ChartText(string Title, string Horizontal, string Vertical, string Description);

/// <summary>A marked value of the horizontal axis, such as the limit of a check.</summary>
/// <param name="Value">The value.</param>
/// <param name="Label">Label beside the line.</param>
internal sealed record ChartMark(double Value, string Label);

/// <summary>An interval of the horizontal axis, such as a confidence interval.</summary>
/// <param name="From">Lower end.</param>
/// <param name="Middle">Value inside.</param>
/// <param name="To">Upper end.</param>
/// <param name="Label">Tooltip.</param>
internal sealed record ChartRange(double From, double Middle, double To, string Label);
