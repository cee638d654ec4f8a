using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>
/// Makes any text fit to stand in a page, between elements and in attributes. Names of files and what lies in models come from strangers:
/// nothing of them may become markup, and nothing may make a line read as another one.
/// </summary>
internal static class HtmlText
{
    private const char Replacement = '\uFFFD';

    // Letters of all alphabets stay themselves; < > & and both quotes never do.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The text as markup that shows it.</summary>
    public static string Encode(string? text) => Encoder.Encode(Plain(text ?? ""));

    /// <summary>At most <paramref name="most"/> characters of a text, with an ellipsis in its middle: both ends of a path tell something.</summary>
    public static string Short(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= most) return text;
        int end = (most - 1) / 2;
        return string.Concat(text.AsSpan(0, most - 1 - end), "…", text.AsSpan(text.Length - end));
    }

    /// <summary>A number for people: at most <paramref name="decimals"/> of them, thousands apart by a comma, the same in every culture.</summary>
    public static string Number(double value, int decimals = 0) =>
        double.IsFinite(value) ? value.ToString("#,##0." + new string('#', decimals), CultureInfo.InvariantCulture) : "none";

    /// <summary>A part of a whole as per cent.</summary>
    public static string Percent(double fraction, int decimals = 1) => double.IsFinite(fraction) ? Number(100 * fraction, decimals) + " %" : "none";

    /// <summary>
    /// Without what a page cannot hold (control characters, halves of surrogate pairs, which XML forbids too) and without the marks that
    /// turn the direction of the text behind them; each leaves a sign that something was there.
    /// </summary>
    internal static string Plain(string text)
    {
        int at = 0;
        while (at < text.Length && !IsRefused(text, at)) at++;
        if (at == text.Length) return text;

        var plain = new StringBuilder(text, 0, at, text.Length);
        for (; at < text.Length; at++) plain.Append(IsRefused(text, at) ? Replacement : text[at]);
        return plain.ToString();
    }

    private static bool IsRefused(string text, int at) => text[at] switch
    {
        '\t' or '\n' or '\r' => false,
        '\uFFFE' or '\uFFFF' or '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => true,
        var letter when char.IsHighSurrogate(letter) => at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]),
        var letter when char.IsLowSurrogate(letter) => at == 0 || !char.IsHighSurrogate(text[at - 1]),
        var letter => char.IsControl(letter),
    };
}
