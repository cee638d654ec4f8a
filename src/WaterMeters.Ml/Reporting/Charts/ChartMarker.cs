namespace WaterMeters.Ml.Reporting.Charts;

/// <summary>Distinguishes the series of a chart by colour, dashes and point shape; after six they repeat.</summary>
internal static class ChartMarker
{
    private const int Kinds = 6;

    /// <summary>Returns the CSS class for the line of a series.</summary>
    public static string Line(int series) => $"s{1 + (series % Kinds)}";

    /// <summary>Returns the CSS class for the points of a series.</summary>
    public static string Fill(int series) => $"d{1 + (series % Kinds)}";

    /// <summary>Returns the SVG path of a point: circle, square, triangle, diamond, inverted triangle, plus.</summary>
    public static string Path(int series, double x, double y, double radius)
    {
        string r = ChartFrame.Format(radius), two = ChartFrame.Format(2 * radius), half = ChartFrame.Format(radius / 2);
        string At(double left, double top) => $"M{ChartFrame.Format(x + left)} {ChartFrame.Format(y + top)}";
        return (series % Kinds) switch
        {
            0 => $"{At(-radius, 0)}a{r} {r} 0 1 0 {two} 0a{r} {r} 0 1 0 -{two} 0z",
            1 => $"{At(-radius, -radius)}h{two}v{two}h-{two}z",
            2 => $"{At(0, -radius)}l{r} {two}h-{two}z",
            3 => $"{At(0, -radius)}l{r} {r}l-{r} {r}l-{r} -{r}z",
            4 => $"{At(0, radius)}l{r} -{two}h-{two}z",
            _ => $"{At(-radius / 2, -radius)}h{r}v{half}h{half}v{r}h-{half}v{half}h-{r}v-{half}h-{half}v-{r}h{half}z",
        };
    }
}
