using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Reporting.PredictionReports;
using WaterMeters.Ml.Tests.Imaging;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.PredictionReports;

public class PredictionReportFileTests
{
    private static readonly Prediction[] Mixed =
    [
        Predictions.Found("sure", 0.97), Predictions.Found("two", 0.9) with { Regions = 2 }, Predictions.Found("less-sure", 0.85),
        Predictions.Found("border", 0.9) with { X = 280 }, Predictions.Nothing("nothing"), Predictions.Found("low", 0.5),
        Predictions.Found("both", 0.4) with { Regions = 3, Y = 0 },
    ];

    [Fact]
    public void Sorts_the_doubtful_ones_first_and_counts_them()
    {
        using var folder = new TempFolder();
        using var json = JsonDocument.Parse(Write(folder, "a.json", Mixed));
        var root = json.RootElement;
        string[] names = [.. root.GetProperty("predictions").EnumerateArray()
            .Select(p => Path.GetFileNameWithoutExtension(p.GetProperty("image_path").GetString()!))];
        Assert.Equal(["nothing", "both", "two", "border", "low", "less-sure", "sure"], names);
        Assert.Equal(
            [7, 6, 5, 1, 2, 2, 2],
            new[] { "photos", "found", "doubtful", "nothing_found", "several_regions", "at_border", "low_confidence" }
                .Select(key => root.GetProperty(key).GetInt32()));
        double mean = Mixed.Where(p => p.Regions > 0).Average(p => p.Confidence)!.Value;
        Assert.Equal(mean, root.GetProperty("mean_confidence").GetDouble(), 12);
        var both = root.GetProperty("predictions")[1];
        Assert.Equal(
            ["several_regions", "at_border", "low_confidence"], both.GetProperty("doubts").EnumerateArray().Select(d => d.GetString()));
        var nothing = root.GetProperty("predictions")[0];
        Assert.All(
            new[] { "confidence", "x", "angle" }, key => Assert.Equal(JsonValueKind.Null, nothing.GetProperty(key).ValueKind));
    }

    [Fact]
    public void Puts_regions_of_similar_size_before_specks()
    {
        // The box of Found has 4,800 pixels, its photo 120,000.
        var specks = Predictions.Found("specks", 0.9) with { Regions = 9, Coverage = 0.041 };
        var equal = Predictions.Found("equal", 0.95) with { Regions = 2, Coverage = 0.08 };
        Assert.Equal((1, 0.5), (PredictionDoubts.LargestShare(specks), PredictionDoubts.LargestShare(equal)));
        Assert.Equal(["equal.jpg", "specks.jpg"], Names([specks, equal]));

        static IEnumerable<string> Names(IReadOnlyList<Prediction> predictions)
        {
            var summary = new PredictionSummary(predictions);
            return summary.All.Select(photo => summary.Name(photo.Prediction));
        }
    }

    [Fact]
    public void Lists_the_doubtful_ones_in_Markdown()
    {
        string[] lines = new PredictionReportFile(Mixed).Markdown.Split('\n');
        Assert.Equal("| 7 | 6 | 5 | 0.7533 |", lines[2]);
        Assert.Contains("| <code>nothing.jpg</code> | nothing found | 0 | – | – |", lines);
        Assert.Contains("| <code>both.jpg</code> | several regions, at the border, low confidence | 3 | 0.4000 | 0.0° |", lines);
        Assert.DoesNotContain(lines, line => line.Contains("sure", StringComparison.Ordinal));
        Assert.DoesNotContain("Photos to check", new PredictionReportFile([Mixed[0]]).Markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_each_photo_with_outline_box_and_window()
    {
        using var folder = new TempFolder();
        var found = Photo(folder, "found", withMask: true);
        var boxOnly = Photo(folder, "box", withMask: false) with { Confidence = 0.7 };
        var page = Page(folder, [found, boxOnly], out var warnings);

        Assert.Empty(warnings);
        Assert.Equal(["low-confidence", "no-doubt"], page.All("section").Select(s => s.Attribute("id")!.Value));
        Assert.Equal(["box.png", "found.png"], page.All("article").Select(card => card.Attribute("data-name")!.Value));
        Assert.Equal(["box", "box", "found"], page.All("article").Descendants("path").Select(p => p.Attribute("class")!.Value[8..]));
        Assert.Equal(4, page.All("img").Count());
        Assert.All(page.All("img"), image => Assert.Equal("lazy", image.Attribute("loading")!.Value));
        Assert.Contains("0.700 · 0.0° · 120 × 40 px", page.All("article").First().Value, StringComparison.Ordinal);

        // The window is 120 x 40 pixels; the close-up has a margin and is level.
        var window = page.All("div", "window").First().Element("img")!;
        Assert.Equal(("148", "68"), (window.Attribute("width")!.Value, window.Attribute("height")!.Value));
        Assert.Contains("1", page.All("dd").Select(dd => dd.Value));
    }

    [Fact]
    public void Replaces_what_is_gone_by_a_sentence()
    {
        using var folder = new TempFolder();
        var changed = Photo(folder, "changed", withMask: true) with { Width = 800 };
        var noMask = Photo(folder, "no-mask", withMask: false) with { MaskPath = folder["gone.png"] };
        var page = Page(folder, [Predictions.Found("gone", 0.9), changed, noMask], out var warnings);

        Assert.Single(warnings);
        Assert.StartsWith("3 of 3 photos or outlines cannot be shown", warnings[0], StringComparison.Ordinal);
        string[] notes = [.. page.All("p", "missing").Select(p => p.Value)];
        Assert.Equal(3, notes.Length);
        Assert.Contains(notes, note => note.StartsWith("This photo cannot be shown:", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("The photo has another size", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("The outline is not shown:", StringComparison.Ordinal));
        Assert.Equal(3, page.All("img").Count()); // of the changed photo only the whole; without the mask, photo and window
    }

    [Fact]
    public void Encodes_every_text_and_runs_only_its_own_script()
    {
        using var folder = new TempFolder();
        Prediction[] hostile = [.. HtmlDocument.Hostile.Select(text =>
            Predictions.Nothing("x") with { ImagePath = "/photos/" + text.Replace('\0', 'x'), Model = text, ModelPath = text })];
        var page = Page(folder, hostile, out _);
        Assert.Equal(hostile.Length, page.All("article").Count());
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.All("script").Single().Value)));
        string policy = page.All("meta").Attributes("content").First(content => content.Value.Contains("default-src")).Value;
        Assert.EndsWith($"script-src 'sha256-{hash}'", policy, StringComparison.Ordinal);
        Assert.All(page.Descendants().Attributes("href"), a => Assert.StartsWith("#", a.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_photos_below_their_common_folder()
    {
        using var folder = new TempFolder();
        var page = Page(folder, [At("/a/b/one.jpg"), At("/a/c/two.jpg"), At("/a/c/d/Two.jpg")], out _);
        Assert.Equal(["/a"], page.All("h1").Single().ElementsAfterSelf("p").Take(1).Select(p => p.Value));
        Assert.Equal(["b/one.jpg", "c/d/two.jpg", "c/two.jpg"], page.All("article").Select(card => card.Attribute("data-name")!.Value));
        var windows = Page(folder, [At(@"C:\a\one.jpg"), At(@"D:\a\two.jpg")], out _);
        Assert.Equal([@"c:\a\one.jpg", @"d:\a\two.jpg"], windows.All("article").Select(card => card.Attribute("data-name")!.Value));

        static Prediction At(string path) => Predictions.Nothing("x") with { ImagePath = path };
    }

    [Fact]
    public void Keeps_the_older_report_when_cancelled()
    {
        using var folder = new TempFolder();
        foreach (string name in new[] { "a.json", "a.html" })
        {
            File.WriteAllText(folder[name], "older");
            Assert.ThrowsAny<OperationCanceledException>(
                () => new PredictionReportFile(Mixed).Write(folder[name], _ => { }, null, new CancellationToken(true)));
            Assert.Equal("older", File.ReadAllText(folder[name]));
        }
    }

    private static string Write(TempFolder folder, string name, IReadOnlyList<Prediction> predictions, Action<string>? warn = null)
    {
        new PredictionReportFile(predictions).Write(folder[name], warn ?? (_ => { }), null, TestContext.Current.CancellationToken);
        return File.ReadAllText(folder[name]);
    }

    private static XDocument Page(TempFolder folder, IReadOnlyList<Prediction> predictions, out List<string> warnings)
    {
        var said = new List<string>();
        var page = XDocument.Parse(Write(folder, "page.html", predictions, said.Add));
        warnings = said;
        return page;
    }

    private static Prediction Photo(TempFolder folder, string name, bool withMask)
    {
        var prediction = Predictions.Found(name, 0.95) with { ImagePath = folder[name + ".png"] };
        using var photo = ImageFiles.Quarters(prediction.Width, prediction.Height);
        ImageWriter.WritePng(photo, prediction.ImagePath);
        if (!withMask) return prediction;
        using var mask = Raster.Rent(prediction.Width, prediction.Height, 1);
        mask.Pixels.Clear();
        for (int y = prediction.Y!.Value; y < prediction.Y + prediction.BoxHeight; y++)
        {
            mask.Pixels.Slice((y * mask.Width) + prediction.X!.Value, prediction.BoxWidth!.Value).Fill(255);
        }

        string path = folder[name + ".mask.png"];
        ImageWriter.WritePng(mask, path);
        return prediction with { MaskPath = path };
    }
}
