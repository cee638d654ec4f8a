using System.Security.Cryptography;
using System.Text;

namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>
/// A page that is one file: its style is in it, its images are, and it asks for nothing else. A policy in its head tells the browser to
/// load nothing, run nothing and take no other style, whatever might have come into the page.
/// </summary>
internal static class HtmlPage
{
    private static readonly string Policy =
        $"default-src 'none'; img-src data:; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Stylesheet.Text)))}'; base-uri 'none'; form-action 'none'";

    /// <summary>Writes a page in UTF-8.</summary>
    /// <param name="stream">Where it goes; it stays open.</param>
    /// <param name="title">Its title; the heading is the body's.</param>
    /// <param name="body">Writes what is in it.</param>
    public static void Write(Stream stream, string title, Action<HtmlWriter> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 << 10, leaveOpen: true);
        var html = new HtmlWriter(text);
        html.Raw("<!DOCTYPE html>\n").Open("html", ("lang", "en")).Raw("\n").Open("head").Raw("\n");
        html.Empty("meta", ("charset", "utf-8")).Raw("\n");
        html.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy)).Raw("\n");
        html.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")).Raw("\n");
        html.Empty("meta", ("name", "color-scheme"), ("content", "light dark")).Raw("\n");
        html.Empty("meta", ("name", "referrer"), ("content", "no-referrer")).Raw("\n");
        html.Element("title", title).Raw("\n<style>").Raw(Stylesheet.Text).Raw("</style>\n").CloseLine();
        html.Open("body").Raw("\n").Open("main").Raw("\n");
        body(html);
        html.CloseAll();
    }
}
