using System.Text;
using System.Xml.Linq;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Reporting.Markup;

/// <summary>Parses pages strictly: text that is not encoded breaks the page or shows up as another element.</summary>
internal static class HtmlDocument
{
    /// <summary>Texts that try to break out of markup, and texts in several alphabets.</summary>
    public static string[] Hostile { get; } =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='alert(1)", "</title></style></script>",
        "]]>", "<!--", "-->", "&lt;b&gt;", "&#x3c;",
        "\0\u0001\u001b[31m", "photo\u202Egpj.exe", "\uD800", "\uDC00x", "\uFFFE\uFFFF", "a\r\nb\tc",
        "żółw 水表 🚰", "{{7*7}}", "url(http://example.invalid)", "javascript:alert(1)",
    ];

    public static XDocument Written(Action<HtmlWriter> body, string title = "title") =>
        XDocument.Parse(Text(body, title), LoadOptions.PreserveWhitespace);

    public static string Text(Action<HtmlWriter> body, string title = "title")
    {
        using var stream = new MemoryStream();
        HtmlPage.Write(stream, title, body);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static IEnumerable<XElement> All(this XContainer page, string element, string? ofClass = null) =>
        page.Descendants(element).Where(e => ofClass is null || ((string?)e.Attribute("class") ?? "").Split(' ').Contains(ofClass));
}
