using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.Markup;

public class HtmlWriterTests
{
    [Fact]
    public void Encodes_every_text()
    {
        var texts = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
            Gen.Elements(HtmlDocument.Hostile),
            Gen.Choose(0, 0xFFFF).Select(code => "a" + (char)code + "b"));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var page = HtmlDocument.Written(
                html =>
                {
                    html.Element("p", text, ("title", text), ("class", text)).Image([0xFF, 0xD8], 2, 1, text);
                    HtmlTable.Write(html, text, [new HtmlColumn(text), new HtmlColumn(text, IsNumber: true)], [[text, text]]);
                    HtmlTable.Facts(html, [(text, text)]);
                },
                text);
            var main = page.Root!.Element("body")!.Element("main")!;
            string shown = Shown(text);
            return main.Elements().Select(e => e.Name.LocalName).SequenceEqual(["p", "img", "div", "dl"])
                && main.Element("p")!.Value == shown && !main.Element("p")!.HasElements
                && main.Element("p")!.Attribute("title")!.Value == shown
                && main.Element("img")!.Attribute("alt")!.Value == shown
                && main.Element("img")!.Attributes().Select(a => a.Name.LocalName).SequenceEqual(["src", "width", "height", "alt"])
                && main.Descendants("td").Single().Value == shown
                && page.Root.Element("head")!.Element("title")!.Value == shown;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("a\u202Eb\u0007c", "a\uFFFDb\uFFFDc")]
    [InlineData("\uD83D\uDEB0", "\uD83D\uDEB0")]
    [InlineData("żółw 水表", "żółw 水表")]
    public void Replaces_forbidden_characters_and_keeps_letters(string text, string shown) =>
        Assert.Equal(shown, HtmlDocument.Written(html => html.Element("p", text)).All("p").Single().Value);

    [Theory]
    [InlineData("script")]
    [InlineData("iframe")]
    [InlineData("style")]
    [InlineData("p><script")]
    [InlineData("")]
    public void Rejects_elements_that_run_or_load_something(string element) =>
        Assert.Throws<ArgumentException>(() => HtmlDocument.Text(html => html.Element(element, "")));

    [Theory]
    [InlineData("onclick", "x")]
    [InlineData("src", "data:image/png;base64,")]
    [InlineData("style", "color:red")]
    [InlineData("href", "http://example.invalid")]
    [InlineData("href", "javascript:alert(1)")]
    [InlineData("a b", "x")]
    [InlineData("class\"", "x")]
    public void Rejects_attributes_that_run_or_load_something(string name, string value) =>
        Assert.Throws<ArgumentException>(() => HtmlDocument.Text(html => html.Element("a", "", (name, value))));

    [Fact]
    public void Allows_only_its_own_style_and_embedded_images()
    {
        string text = HtmlDocument.Text(html => html.Element("a", "to the top", ("href", "#top")));
        var page = XDocument.Parse(text);
        string style = page.All("style").Single().Value;
        var policy = page.All("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy");
        string digest = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Equal(
            $"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            policy.Attribute("content")!.Value);
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", text, StringComparison.Ordinal);
        Assert.Contains("width=device-width", text, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", text, StringComparison.Ordinal);
        foreach (string forbidden in new[] { "<", "&", "url(", "@import", "\r" })
        {
            Assert.DoesNotContain(forbidden, Stylesheet.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Counts_the_bytes_written()
    {
        long counted = 0;
        using var stream = new MemoryStream();
        HtmlPage.Write(stream, "żółw", html =>
        {
            html.Element("p", "水表 🚰 \"").Image(new byte[1000], 1, 1, "ż").CloseAll();
            counted = html.Bytes;
        });
        Assert.Equal(stream.Length, counted);
    }

    [Theory]
    [InlineData("images/photo.jpg", 16, "images/photo.jpg")]
    [InlineData("0123456789", 5, "01…89")]
    [InlineData("0123456789", 4, "01…9")]
    public void Shortens_a_text_in_the_middle(string text, int most, string shown) => Assert.Equal(shown, HtmlText.Short(text, most));

    [Fact]
    public void Formats_numbers_the_same_in_every_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("de-DE");
        try
        {
            Assert.Equal(
                ["1,234,567", "0.25", "2.2 %", "none"],
                new[] { HtmlText.Number(1234567), HtmlText.Number(0.25, 3), HtmlText.Percent(0.0221), HtmlText.Number(double.NaN) });
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    /// <summary>Returns what a page shows of a text: forbidden characters are replaced.</summary>
    private static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            bool isDirection = rune.Value is 0x61C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
            bool isControl = Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r');
            shown.Append(isDirection || isControl || rune.Value is 0xFFFE or 0xFFFF ? "\uFFFD" : rune.ToString());
        }

        return shown.ToString();
    }
}
