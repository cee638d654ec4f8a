using System.Security.Cryptography;
using System.Text;

namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>
/// A page in a single file that contains its style and images and loads nothing else. A content security policy in its head forbids the
/// browser to load anything, run other scripts or apply other styles, even if such markup got into the page.
/// </summary>
internal static class HtmlPage
{
    private static readonly string Policy =
        $"default-src 'none'; img-src data:; style-src {Hash(Stylesheet.Text)}; base-uri 'none'; form-action 'none'";

    /// <summary>Writes a page in UTF-8.</summary>
    /// <param name="stream">The target; it stays open.</param>
    /// <param name="title">Title in the head; the body writes its own heading.</param>
    /// <param name="body">Writes the content.</param>
    /// <param name="script">
    /// A script at the end of the page, a constant of this program without a less-than sign or an ampersand; null for none, as usual.
    /// </param>
    public static void Write(Stream stream, string title, Action<HtmlWriter> body, string? script = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 << 10, leaveOpen: true);
        var html = new HtmlWriter(text);
        html.Raw("<!DOCTYPE html>\n").Open("html", ("lang", "en")).Raw("\n").Open("head").Raw("\n");
        html.Empty("meta", ("charset", "utf-8")).Raw("\n");
        string policy = script is null ? Policy : $"{Policy}; script-src {Hash(script)}";
        html.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", policy)).Raw("\n");
        html.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")).Raw("\n");
        html.Empty("meta", ("name", "color-scheme"), ("content", "light dark")).Raw("\n");
        html.Empty("meta", ("name", "referrer"), ("content", "no-referrer")).Raw("\n");
        html.Element("title", title).Raw("\n<style>").Raw(Stylesheet.Text).Raw("</style>\n").CloseLine();
        html.Open("body").Raw("\n").Open("main").Raw("\n");
        body(html);
        if (script is not null) html.Raw("<script>").Raw(script).Raw("</script>\n");
        html.CloseAll();
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
