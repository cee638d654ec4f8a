using System.Globalization;
using System.Xml.Linq;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Charts;
using WaterMeters.Ml.Reporting.Markup;
using WaterMeters.Ml.Tests.Foundation;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.Charts;

public class ChartTests
{
    private static readonly ChartText Texts = new("Loss", "epoch", "loss", "It falls.");

    [Fact]
    public void Has_a_title_and_a_description_for_screen_readers()
    {
        var svg = Drawn(html => LineChart.Write(html, Texts, [new("a", [new(1, 2), new(2, 1)])])).All("svg").Single();
        Assert.Equal("img", svg.Attribute("role")!.Value);
        var named = svg.Attribute("aria-labelledby")!.Value.Split(' ')
            .Select(id => svg.Elements().Single(e => e.Attribute("id")?.Value == id));
        Assert.Equal([("title", "Loss"), ("desc", "It falls.")], named.Select(e => (e.Name.LocalName, e.Value)));
        Assert.Equal(["loss", "epoch"], svg.Elements("text").Select(e => e.Value).TakeLast(2));
    }

    [Fact]
    public void Distinguishes_series_without_colours()
    {
        ChartSeries[] lines = [.. Enumerable.Range(0, 6).Select(i => new ChartSeries($"line {i}", [new(0, i), new(1, i)]))];
        var page = Drawn(html => LineChart.Write(html, Texts, lines));
        Assert.Equal(["line 0", "line 1", "line 2", "line 3", "line 4", "line 5"], page.All("li").Select(e => e.Value));
        var legend = page.All("ul", "legend").Single();
        Assert.Equal(6, legend.All("path", "series").Select(e => e.Attribute("class")!.Value).Distinct().Count());
        Assert.Equal(6, legend.All("path", "dot").Select(e => e.Attribute("d")!.Value).Distinct().Count());
        foreach (int series in Enumerable.Range(2, 5))
        {
            Assert.Matches($@"\.s{series} {{ stroke: var\(--s{series}\); stroke-dasharray", Stylesheet.Text);
        }
    }

    [Fact]
    public void Interrupts_a_line_at_a_missing_value_and_marks_a_single_point()
    {
        ChartPoint[] points = [new(0, 1), new(1, 2), new(2, double.NaN), new(3, 1), new(4, double.PositiveInfinity)];
        var page = Drawn(html => LineChart.Write(html, Texts, [new("a", points)]));
        string line = page.All("path", "series").Single().Attribute("d")!.Value;
        Assert.Equal(2, line.Count(c => c == 'M'));
        Assert.Equal(1, line.Count(c => c == 'L'));
        Assert.Equal(3, page.All("path", "dot").Count());
    }

    [Fact]
    public void Draws_bars_in_proportion_to_their_counts_with_tooltips()
    {
        var counts = BinnedCountsTests.Count(1, [1, 2, 2, 2, 2, 3, 3]);
        var page = Drawn(html => Histogram.Write(html, Texts, counts.Bars(), new ChartMark(2.5, "limit")));
        var bars = page.All("rect", "bar").ToList();
        double[] heights = [.. bars.Select(bar => double.Parse(bar.Attribute("height")!.Value, CultureInfo.InvariantCulture))];
        Assert.Equal(3, bars.Count);
        Assert.Equal((4, 2), (Math.Round(heights[1] / heights[0], 1), Math.Round(heights[2] / heights[0], 1)));
        Assert.Equal(["1 to 2: 1", "2 to 3: 4", "3 to 4: 2"], bars.Select(bar => bar.Element("title")!.Value));
        Assert.Contains("limit", page.All("text").Select(e => e.Value));
    }

    [Fact]
    public void Draws_a_diagonal_between_equal_axes()
    {
        ChartPoint[] points = [new(0.2, 0.9, "photo <1>"), new(0.5, 0.1), new(double.NaN, 1)];
        var page = Drawn(html => ScatterChart.Write(html, Texts, [new("a", points)], withDiagonal: true));
        Assert.Equal("photo <1>", page.All("path", "dot").Elements("title").Single().Value);
        Assert.Equal(2, page.All("path", "dot").Count());
        Assert.Equal("M54 358L386 26", page.All("path", "diagonal").Single().Attribute("d")!.Value);
    }

    [Fact]
    public void Stays_small_with_a_million_points()
    {
        var random = new Random(5);
        var points = new ChartPoint[1_000_000];
        for (int i = 0; i < points.Length; i++) points[i] = new ChartPoint(random.NextDouble(), random.NextDouble(), "label");
        string text = HtmlDocument.Text(html => ScatterChart.Write(html, Texts, [new("a", points)], withDiagonal: true));
        Assert.InRange(text.Length, 100_000, 1_500_000);
    }

    [Fact]
    public void Is_well_formed_without_values_and_with_any_texts()
    {
        foreach (string text in HtmlDocument.Hostile)
        {
            var texts = new ChartText(text, text, text, text);
            var page = Drawn(html =>
            {
                LineChart.Write(html, texts, [new(text, []), new(text, [new(0, double.NaN)])]);
                ScatterChart.Write(html, texts, [new(text, [new(0, 0, text)]), new(text, [])], withDiagonal: true);
                Histogram.Write(html, texts, new BinnedCounts(1).Bars(), new ChartMark(0.5, text));
            });
            Assert.Equal(3, page.All("figure", "chart").Count());
            Assert.Empty(page.All("script"));
        }
    }

    [Fact]
    public void Is_the_same_in_every_culture()
    {
        string Page() => HtmlDocument.Text(html => LineChart.Write(html, Texts, [new("a", [new(0.25, 10000.5), new(0.75, 20000.5)])]));
        string expected = Page();
        var before = Thread.CurrentThread.CurrentCulture;
        Thread.CurrentThread.CurrentCulture = new CultureInfo("sv-SE");
        try
        {
            Assert.Equal(expected, Page());
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    private static XDocument Drawn(Action<HtmlWriter> chart) => HtmlDocument.Written(chart);
}
