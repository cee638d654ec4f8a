using System.Globalization;
using System.Text;

namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>
/// Writes elements to a stream of text as they come, so a page may be larger than anybody wants to hold. What it writes is HTML and
/// well-formed XML alike. Names of elements and attributes are the program's own; every text and value is encoded. There is no way to
/// write markup from a string, a script, or an address that leads out of the page.
/// </summary>
/// <param name="output">Where the page goes; it stays open.</param>
internal sealed class HtmlWriter(TextWriter output)
{
    private readonly Stack<string> open = [];
    private int identifiers;

    /// <summary>Bytes written so far, as UTF-8.</summary>
    public long Bytes { get; private set; }

    /// <summary>Begins an element; <see cref="Close"/> ends it. An attribute whose value is null is left out.</summary>
    public HtmlWriter Open(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(element, attributes, ">");
        open.Push(element);
        return this;
    }

    /// <summary>Ends the element that was begun last.</summary>
    public HtmlWriter Close()
    {
        Raw("</");
        Raw(open.Pop());
        return Raw(">");
    }

    /// <summary>Ends the element that was begun last, and its line: for those that a reader of the source looks for.</summary>
    public HtmlWriter CloseLine() => Close().Raw("\n");

    /// <summary>Writes an element without content, such as <c>br</c> or <c>path</c>.</summary>
    public HtmlWriter Empty(string element, params ReadOnlySpan<(string Name, string? Value)> attributes) => Tag(element, attributes, "/>");

    /// <summary>Writes an element with a text in it.</summary>
    public HtmlWriter Element(string element, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Open(element, attributes).Text(text).Close();

    /// <summary>Writes a text.</summary>
    public HtmlWriter Text(string? text) => Raw(HtmlText.Encode(text));

    /// <summary>Writes an image that lies in the page itself.</summary>
    /// <param name="jpeg">The JPEG file.</param>
    /// <param name="width">Its width in pixels, so that the page has its shape before the image is decoded.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="alternative">What it shows, for who cannot see it.</param>
    public HtmlWriter Image(ReadOnlySpan<byte> jpeg, int width, int height, string alternative)
    {
        Raw("<img src=\"data:image/jpeg;base64,");
        Raw(Convert.ToBase64String(jpeg)); // letters, digits, + / and =: nothing to encode
        Raw(string.Create(CultureInfo.InvariantCulture, $"\" width=\"{width}\" height=\"{height}\" alt=\""));
        Text(alternative);
        return Raw("\"/>");
    }

    /// <summary>An identifier that this page has not used yet.</summary>
    public string NewId(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{++identifiers}");

    /// <summary>Ends what is still open.</summary>
    public void CloseAll()
    {
        while (open.Count > 0) CloseLine();
    }

    /// <summary>Writes markup that is the program's own.</summary>
    internal HtmlWriter Raw(string markup)
    {
        output.Write(markup);
        Bytes += Encoding.UTF8.GetByteCount(markup);
        return this;
    }

    private HtmlWriter Tag(string element, ReadOnlySpan<(string Name, string? Value)> attributes, string end)
    {
        RefuseElement(element);
        Raw("<");
        Raw(element);
        foreach (var (name, value) in attributes)
        {
            if (value is null) continue;
            RefuseAttribute(name, value);
            Raw(" ");
            Raw(name);
            Raw("=\"");
            Text(value);
            Raw("\"");
        }

        return Raw(end);
    }

    private static void RefuseElement(string name)
    {
        bool isName = name.Length > 0 && char.IsAsciiLetterLower(name[0]) && name.All(char.IsAsciiLetterOrDigit);
        if (!isName || name is "script" or "style" or "img" or "iframe" or "object" or "embed" or "link" or "base" or "form") throw new ArgumentException($"A page has no element '{name}'.", nameof(name));
    }

    private static void RefuseAttribute(string name, string value)
    {
        bool isName = name.Length > 0 && char.IsAsciiLetterLower(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
        bool leadsOut = name switch
        {
            "href" => !value.StartsWith('#'),
            "src" or "srcset" or "style" or "action" or "formaction" or "srcdoc" => true,
            _ => name.StartsWith("on", StringComparison.Ordinal),
        };
        if (!isName || leadsOut) throw new ArgumentException($"A page has no attribute '{name}' like this.", nameof(name));
    }
}
