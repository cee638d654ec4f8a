using System.Globalization;
using System.Text;

namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>
/// Encodes untrusted text, such as names of files and models, for GitHub Markdown, tables included: it must never become markup, break a
/// table, mention a person (<c>@name</c>), or link to a page or an issue.
/// </summary>
internal static class MarkdownText
{
    private const int DefaultLength = 400;

    // A zero-width joiner (U+2060). GitHub finds mentions, issues and addresses after decoding entities, so encoding a letter does not
    // prevent them; the joiner between the letters does.
    private const string Joiner = "&#8288;";

    /// <summary>Returns one line of Markdown that shows the text, shortened to <paramref name="longest"/> characters.</summary>
    public static string Encode(string? text, int longest = DefaultLength)
    {
        string plain = HtmlText.Sanitize(HtmlText.Short(text ?? "", longest));
        var markdown = new StringBuilder(plain.Length + 16);
        for (int i = 0; i < plain.Length; i++)
        {
            char letter = plain[i];
            if (letter == '.' && Follows(plain, i, "www")) markdown.Append(Joiner);
            if (letter is '\n' or '\r' or '\t') markdown.Append(' ');
            else if (IsHarmless(letter) || IsHarmlessHere(plain, i)) markdown.Append(letter);
            else markdown.Append(CultureInfo.InvariantCulture, $"&#{(int)letter};");
            if (MayStartLink(plain, i)) markdown.Append(Joiner);
        }

        return markdown.ToString().Trim();
    }

    /// <summary>Returns Markdown that shows a name in a monospace font. A backtick span could not hold every text in a table row.</summary>
    public static string Name(string? text) => $"<code>{Encode(text)}</code>";

    // Letters outside ASCII are never markup. Surrogates stay as they are: an entity for half a pair would show a replacement character.
    private static bool IsHarmless(char letter) =>
        !char.IsAscii(letter) || char.IsAsciiLetterOrDigit(letter)
        || letter is ' ' or ',' or '.' or ';' or '/' or '(' or ')' or '%' or '?' or '\'' or '-' or '=' or '+';

    /// <summary>Returns whether an underscore is inside a word, or a colon follows one: then paths and sentences stay readable.</summary>
    private static bool IsHarmlessHere(string text, int at) => text[at] switch
    {
        _ when at == 0 || at + 1 == text.Length || !char.IsAsciiLetterOrDigit(text[at - 1]) => false,
        '_' => char.IsAsciiLetterOrDigit(text[at + 1]),
        ':' => text[at + 1] == ' ',
        _ => false,
    };

    /// <summary>Returns whether a mention, an issue or an address may start here: @name, #12, GH-12, ://</summary>
    private static bool MayStartLink(string text, int at) => text[at] switch
    {
        '@' or '#' => true,
        ':' => at + 1 < text.Length && text[at + 1] == '/',
        '-' => Follows(text, at, "gh"),
        _ => false,
    } && at + 1 < text.Length;

    private static bool Follows(string text, int at, string word) =>
        at >= word.Length && text.AsSpan(at - word.Length, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase);
}
