using System.Globalization;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.Ml.Tests.Datasets;
using WaterMeters.Ml.Tests.Imaging;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.DatasetReports;

public class DatasetReportPageTests
{
    private static readonly string[] Checks = Enum.GetNames<DatasetCheck>();

    [Fact]
    public void Shows_findings_by_check_with_images_and_errors_first()
    {
        using var set = new DatasetFolder();
        set.Pair("sound").Pair("empty", 0).Photo("alone.png").Photo("size.png", 50, 40).Mask("size.png");
        set.Photo("jpeg.png").Mask("jpeg.jpg").Text("images", "broken.png", "no photo").Mask("broken.png");
        var page = Page(set, out var report);

        string[] shown = [.. page.All("section").Select(section => section.Attribute("id")!.Value)];
        Assert.Equal(["check-PhotoWithoutMask", "check-PhotoUnreadable", "check-SizeMismatch", "check-MaskEmpty", "check-MaskJpeg"], shown);
        Assert.Equal(shown, page.All("table").Descendants("a").Select(a => a.Attribute("href")!.Value[1..]));
        Assert.Equal(report.Findings.Count, page.All("article").Count());
        Assert.Equal(["Photo"], Images(page, "PhotoWithoutMask"));
        Assert.Equal(["Photo", "Mask"], Images(page, "MaskEmpty"));
        Assert.Equal(["Photo", "Mask"], Images(page, "SizeMismatch"));
        Assert.DoesNotContain("Other photo", page.Root!.Value, StringComparison.Ordinal);
        var unreadable = page.All("section").Single(s => s.Attribute("id")!.Value == "check-PhotoUnreadable");
        Assert.Equal("cannot be read", unreadable.All("div", "missing").Single().Value);
        Assert.Contains("Fail", page.All("h1").Single().Value, StringComparison.Ordinal);
        Assert.Contains(page.All("dd"), dd => dd.Value == "40x30");
        Assert.Equal(6, page.All("figure", "chart").Count());
    }

    [Fact]
    public void Puts_the_rarest_findings_first_and_shows_few_of_what_all_photos_have()
    {
        string[] common = [.. Enumerable.Range(0, 30).Select(i => $"j{i}")];
        DatasetFinding[] findings =
        [
            .. common.Select(name => DatasetReportFileTests.Finding("MaskJpeg", name, "A JPEG mask.")),
            DatasetReportFileTests.Finding("PhotoDark", "d", "Dark."), DatasetReportFileTests.Finding("NewCheck", "n", "New."),
            DatasetReportFileTests.Finding("MaskEmpty", "e", "Empty.", severity: FindingSeverity.Error),
            DatasetReportFileTests.Finding("MaskEmpty", "f", "Empty.", severity: FindingSeverity.Error),
        ];
        var report = new DatasetReport { DataPath = "/data", ImageCount = 30, Findings = new FindingList(findings) };
        var page = XDocument.Parse(Text(report, new DatasetStatistics()));
        string[] order = ["MaskEmpty", "PhotoDark", "NewCheck", "MaskJpeg"];
        Assert.Equal(order.Select(check => "check-" + check), page.All("section").Select(section => section.Attribute("id")!.Value));
        Assert.Equal([2, 1, 1, FindingGallery.MostOfCommon], page.All("section").Select(section => section.All("article").Count()));
        Assert.Equal(30 - FindingGallery.MostOfCommon, page.All("section").Last().All("li").Count());
    }

    [Fact]
    public void Names_what_its_charts_show()
    {
        using var set = new DatasetFolder();
        set.Pair("a", 120).Pair("b", 120);
        var titles = Page(set, out _).All("figure", "chart").Select(chart => chart.Element("figcaption")!.Value).ToList();
        Assert.Contains("Blur", titles);
        Assert.Contains("Aspect ratio of the photos", titles);
        Assert.DoesNotContain("Sharpness", titles);
    }

    [Fact]
    public void Shows_both_photos_of_a_duplicate_and_the_outline_of_the_mask()
    {
        using var set = new DatasetFolder();
        set.Photo("a.png", 600, 300).Mask("a.png", 20000, 600, 300).Mask("b.png", 20000, 600, 300);
        File.Copy(set["images", "a.png"], set["images", "b.png"]);
        var page = Page(set, out _);

        Assert.Equal(["Photo", "Mask", "Other photo", "Its mask"], Images(page, "PhotoDuplicate"));
        var image = page.All("img").First();
        Assert.Equal(("240", "120"), (image.Attribute("width")!.Value, image.Attribute("height")!.Value));
        byte[] jpeg = Convert.FromBase64String(image.Attribute("src")!.Value["data:image/jpeg;base64,".Length..]);
        using var small = ImageReader.ReadPhoto(new MemoryStream(jpeg), "thumbnail");
        int green = 0;
        for (int i = 0; i < small.Pixels.Length; i += 4)
        {
            if (small.Pixels[i + 1] > 180 && small.Pixels[i] < 120 && small.Pixels[i + 2] < 120) green++;
        }

        Assert.InRange(green, 200, 2000); // an outline of about 500 pixels; noise alone has none
    }

    [Fact]
    public void Encodes_every_text_and_loads_nothing()
    {
        var texts = Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Gen.Elements(HtmlDocument.Hostile)).Select(text => text ?? "");
        var paths = texts.Select(text => "/data/" + text.Replace('\0', 'x'));
        var findings = from check in Gen.Elements(Checks)
                       from severity in Gen.Elements(FindingSeverity.Error, FindingSeverity.Warning)
                       from name in texts
                       from path in paths
                       from other in paths
                       from message in texts
                       select DatasetReportFileTests.Finding(check, name, message, path, other, severity);
        var reports = from path in paths
                      from found in findings.ListOf()
                      select new DatasetReport { DataPath = path, Resolution = path, Findings = new FindingList([.. found]) };
        Prop.ForAll(reports.ToArbitrary(), report =>
        {
            string text = Text(report, new DatasetStatistics());
            var page = XDocument.Parse(text);
            var attributes = page.Descendants().Attributes().Select(a => a.Name.LocalName);
            return !page.All("script").Any() && page.All("style").Count() == 1
                && attributes.All(name => !name.StartsWith("on", StringComparison.Ordinal) && name != "style")
                && page.Descendants().Attributes("src").All(a => a.Value.StartsWith("data:image/jpeg;base64,", StringComparison.Ordinal))
                && page.Descendants().Attributes("href").All(a => a.Value.StartsWith('#'))
                && page.All("article").Count() == report.Findings.Count;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Bounds_the_size_of_the_page()
    {
        // JPEG compresses noise worst, and each check has more findings than are shown.
        using var set = new DatasetFolder();
        set.Photo("noise.jpg", 300, 300);
        using (var mask = ImageFiles.Noise(300, 300, 1, 7)) ImageWriter.WriteJpeg(mask, set["masks", "noise.jpg"], 92);
        string photo = set["images", "noise.jpg"], message = string.Concat(Enumerable.Repeat("'<&>\"", 200));
        DatasetFinding[] findings = [.. Checks.SelectMany(check =>
            Enumerable.Repeat(DatasetReportFileTests.Finding(check, "noise", message, photo, photo), 700))];
        var totals = new List<int>();
        var report = new DatasetReport { DataPath = set.Path, Findings = new FindingList(findings) };
        string text = Text(report, new DatasetStatistics(), (_, total) => totals.Add(total));

        Assert.InRange(text.Length, FindingGallery.ImageBytes / 2, 21 << 20);
        var page = XDocument.Parse(text);
        foreach (var section in page.All("section"))
        {
            int illustrated = section.All("article").Count(), named = section.All("li").Count();
            Assert.InRange(illustrated, 1, FindingGallery.MostWithImages);
            Assert.InRange(named, 1, FindingGallery.MostNamed - illustrated);
            Assert.Contains($"And {700 - illustrated - named} more", section.Value, StringComparison.Ordinal);
        }

        Assert.Equal(Checks.Length, page.All("section").Count());
        Assert.All(totals, total => Assert.Equal(Checks.Length * FindingGallery.MostWithImages, total));
    }

    [Fact]
    public void Says_when_there_are_no_findings_and_no_measurements()
    {
        using var set = new DatasetFolder();
        set.Pair("a", 120).Pair("b", 120);
        var sound = Page(set, out _);
        Assert.Empty(sound.All("section"));
        Assert.Contains("No problems were found", sound.Root!.Value, StringComparison.Ordinal);
        var nothing = XDocument.Parse(Text(new DatasetInspector().Report(), new DatasetStatistics()));
        Assert.Equal("check-NoDataset", nothing.All("section").Single().Attribute("id")!.Value);
        Assert.Contains("could be measured", nothing.Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Explains_every_check_and_its_remedy()
    {
        foreach (var check in Enum.GetValues<DatasetCheck>())
        {
            Assert.EndsWith(".", CheckDescriptions.Meaning(check), StringComparison.Ordinal);
            Assert.EndsWith(".", CheckDescriptions.Remedy(check), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Computes_the_distributions_of_the_measured_values()
    {
        using var set = new DatasetFolder();
        set.Pair("a", 120).Pair("b", 240).Photo("c.png", 400, 100).Mask("c.png", 400, 400, 100);
        set.Text("images", "d.png", "no photo").Mask("d.png", 600);
        DatasetReportFileTests.Inspect(set, out _, out var statistics);
        var measures = statistics.Measures.ToDictionary(measure => measure.Key);
        var coverage = measures["coverage_%"].Counts;
        Assert.Equal((4, 1, 50), (coverage.Count, coverage.Least, coverage.Most));
        Assert.Equal((3, 4), (measures["aspect_ratio"].Counts.Count, measures["aspect_ratio"].Counts.Most));
        Assert.Equal((0.0012, 0.04), (measures["megapixels"].Counts.Least, measures["megapixels"].Counts.Most));
        Assert.InRange(measures["brightness"].Counts.Median, 100, 155); // of noise
    }

    private static string[] Images(XDocument page, string check) =>
    [
        .. page.All("section").Single(s => s.Attribute("id")!.Value == "check-" + check)
            .All("figcaption").Select(caption => caption.Value),
    ];

    private static XDocument Page(DatasetFolder set, out DatasetReport report)
    {
        DatasetReportFileTests.Inspect(set, out report, out var statistics);
        var dataset = CheckedDataset.Now(report, statistics);
        DatasetReportFile.Write(dataset, set["report.html"], cancellation: TestContext.Current.CancellationToken);
        return XDocument.Load(set["report.html"]);
    }

    private static string Text(DatasetReport report, DatasetStatistics statistics, Action<int, int>? progress = null)
    {
        using var stream = new MemoryStream();
        var written = DateTimeOffset.Parse("2030-01-02T03:04:05Z", CultureInfo.InvariantCulture);
        new DatasetReportPage(CheckedDataset.Now(report, statistics), written, progress, CancellationToken.None).Write(stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
