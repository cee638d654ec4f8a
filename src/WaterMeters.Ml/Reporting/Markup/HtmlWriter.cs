using System.Globalization;
using System.Text;

namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>
/// Streams elements to a text writer, so that a page need not fit in memory. The output is valid HTML and well-formed XML. Element and
/// attribute names are constants of this program; every text and value is encoded. Callers cannot write raw markup, a script, or an
/// address outside of the page.
/// </summary>
/// <param name="output">The target; it stays open.</param>
internal sealed class HtmlWriter(TextWriter output)
{
    private readonly Stack<string> open = [];
    private int identifiers;

    /// <summary>Number of UTF-8 bytes written so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Opens an element; <see cref="Close"/> closes it. Attributes with a null value are omitted.</summary>
    public HtmlWriter Open(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(element, attributes, ">");
        open.Push(element);
        return this;
    }

    /// <summary>Closes the innermost open element.</summary>
    public HtmlWriter Close()
    {
        Raw("</");
        Raw(open.Pop());
        return Raw(">");
    }

    /// <summary>Closes the innermost open element and ends the line, to keep the source readable.</summary>
    public HtmlWriter CloseLine() => Close().Raw("\n");

    /// <summary>Writes an element without content, such as <c>br</c> or <c>path</c>.</summary>
    public HtmlWriter Empty(string element, params ReadOnlySpan<(string Name, string? Value)> attributes) => Tag(element, attributes, "/>");

    /// <summary>Writes an element that contains a text.</summary>
    public HtmlWriter Element(string element, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Open(element, attributes).Text(text).Close();

    /// <summary>Writes a text.</summary>
    public HtmlWriter Text(string? text) => Raw(HtmlText.Encode(text));

    /// <summary>Writes an image that is embedded in the page.</summary>
    /// <param name="jpeg">The JPEG file.</param>
    /// <param name="width">Its width in pixels, so that the page has its layout before the image is decoded.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="alternative">Alternative text.</param>
    /// <param name="isLazy">Whether the browser may decode it only when it is shown, for pages with many images.</param>
    public HtmlWriter Image(ReadOnlySpan<byte> jpeg, int width, int height, string alternative, bool isLazy = false)
    {
        Raw("<img src=\"data:image/jpeg;base64,");
        Raw(Convert.ToBase64String(jpeg)); // letters, digits, + / and =: nothing to encode
        Raw(string.Create(CultureInfo.InvariantCulture, $"\" width=\"{width}\" height=\"{height}\" alt=\""));
        Text(alternative);
        return Raw(isLazy ? "\" loading=\"lazy\" decoding=\"async\"/>" : "\"/>");
    }

    /// <summary>Returns an identifier that is new in this page.</summary>
    public string NewId(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{++identifiers}");

    /// <summary>Closes all open elements.</summary>
    public void CloseAll()
    {
        while (open.Count > 0) CloseLine();
    }

    /// <summary>Writes markup that is a constant of this program.</summary>
    internal HtmlWriter Raw(string markup)
    {
        output.Write(markup);
        Bytes += Encoding.UTF8.GetByteCount(markup);
        return this;
    }

    private HtmlWriter Tag(string element, ReadOnlySpan<(string Name, string? Value)> attributes, string end)
    {
        CheckElement(element);
        Raw("<");
        Raw(element);
        foreach (var (name, value) in attributes)
        {
            if (value is null) continue;
            CheckAttribute(name, value);
            Raw(" ");
            Raw(name);
            Raw("=\"");
            Text(value);
            Raw("\"");
        }

        return Raw(end);
    }

    private static void CheckElement(string name)
    {
        bool isName = name.Length > 0 && char.IsAsciiLetterLower(name[0]) && name.All(char.IsAsciiLetterOrDigit);
        bool isActive = name is "script" or "style" or "img" or "iframe" or "object" or "embed" or "link" or "base" or "form";
        if (!isName || isActive) throw new ArgumentException($"The element '{name}' is not allowed in a page.", nameof(name));
    }

    private static void CheckAttribute(string name, string value)
    {
        bool isName = name.Length > 0 && char.IsAsciiLetterLower(name[0])
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
        bool leadsOut = name switch
        {
            "href" => !value.StartsWith('#'),
            "src" or "srcset" or "style" or "action" or "formaction" or "srcdoc" => true,
            _ => name.StartsWith("on", StringComparison.Ordinal),
        };
        if (!isName || leadsOut) throw new ArgumentException($"The attribute '{name}' is not allowed with this value.", nameof(name));
    }
}
