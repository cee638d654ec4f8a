using System.Globalization;
using System.Text;

namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>
/// Makes any text fit to stand in Markdown as GitHub reads it, in a table too. Names of files, models and messages come from strangers:
/// nothing of them may become markup, break a table, call a person (<c>@name</c>), or become a link to a page or an issue.
/// </summary>
internal static class MarkdownText
{
    private const int Usual = 400;

    // A joiner of no width. GitHub looks for mentions, issues and addresses in the text that is left when the markup is read; where an entity
    // would have become a letter again, this still stands between the letters.
    private const string Joiner = "&#8288;";

    /// <summary>A text as Markdown that shows it, in one line; of one that is longer than <paramref name="longest"/> both ends.</summary>
    public static string Encode(string? text, int longest = Usual)
    {
        string plain = HtmlText.Plain(HtmlText.Short(text ?? "", longest));
        var markdown = new StringBuilder(plain.Length + 16);
        for (int i = 0; i < plain.Length; i++)
        {
            char letter = plain[i];
            if (letter == '.' && Behind(plain, i, "www")) markdown.Append(Joiner);
            if (letter is '\n' or '\r' or '\t') markdown.Append(' ');
            else if (IsHarmless(letter) || IsHarmlessHere(plain, i)) markdown.Append(letter);
            else markdown.Append(CultureInfo.InvariantCulture, $"&#{(int)letter};");
            if (BeginsLink(plain, i)) markdown.Append(Joiner);
        }

        return markdown.ToString().Trim();
    }

    /// <summary>A name as Markdown that shows it in the letters of a machine. Not a code span of backticks: no row of a table can hold any text in one.</summary>
    public static string Name(string? text) => $"<code>{Encode(text)}</code>";

    // Letters beyond ASCII are no markup; a half of a surrogate pair is left alone, for a number would show it as none.
    private static bool IsHarmless(char letter) => !char.IsAscii(letter) || char.IsAsciiLetterOrDigit(letter) || letter is ' ' or ',' or '.' or ';' or '/' or '(' or ')' or '%' or '?' or '\'' or '-' or '=' or '+';

    /// <summary>Underscores within a word and a colon behind one are themselves: paths and sentences stay readable in the Markdown too.</summary>
    private static bool IsHarmlessHere(string text, int at) => text[at] switch
    {
        '_' => at > 0 && at + 1 < text.Length && char.IsAsciiLetterOrDigit(text[at - 1]) && char.IsAsciiLetterOrDigit(text[at + 1]),
        ':' => at > 0 && at + 1 < text.Length && char.IsAsciiLetterOrDigit(text[at - 1]) && text[at + 1] == ' ',
        _ => false,
    };

    /// <summary>Whether a mention, an issue or an address could begin with what ends here: @name, #12, GH-12, ://</summary>
    private static bool BeginsLink(string text, int at) => text[at] switch
    {
        '@' or '#' => true,
        ':' => at + 1 < text.Length && text[at + 1] == '/',
        '-' => Behind(text, at, "gh"),
        _ => false,
    } && at + 1 < text.Length;

    private static bool Behind(string text, int at, string word) => at >= word.Length && text.AsSpan(at - word.Length, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase);
}
