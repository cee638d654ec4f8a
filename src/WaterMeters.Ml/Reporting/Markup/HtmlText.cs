using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace WaterMeters.Ml.Reporting.Markup;

/// <summary>
/// Encodes untrusted text, such as file names and metadata of models, for elements and attributes of a page: it must never become
/// markup, nor change the reading direction of the text around it.
/// </summary>
internal static class HtmlText
{
    private const char Replacement = '\uFFFD';

    // Keeps the letters of all alphabets; always encodes < > & and both quotes.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Returns the markup that shows the text.</summary>
    public static string Encode(string? text) => Encoder.Encode(Sanitize(text ?? ""));

    /// <summary>Shortens a text to <paramref name="most"/> characters by an ellipsis in the middle: both ends of a path matter.</summary>
    public static string Short(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= most) return text;
        int end = (most - 1) / 2;
        return string.Concat(text.AsSpan(0, most - 1 - end), "…", text.AsSpan(text.Length - end));
    }

    /// <summary>Formats a number with at most <paramref name="decimals"/> decimals and commas between thousands, in any culture.</summary>
    public static string Number(double value, int decimals = 0) =>
        double.IsFinite(value) ? value.ToString("#,##0." + new string('#', decimals), CultureInfo.InvariantCulture) : "none";

    /// <summary>Formats a fraction as a percentage.</summary>
    public static string Percent(double fraction, int decimals = 1) =>
        double.IsFinite(fraction) ? Number(100 * fraction, decimals) + " %" : "none";

    /// <summary>Formats a moment, in UTC.</summary>
    public static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>
    /// Replaces characters that a page cannot hold (control characters and unpaired surrogates, which XML forbids too) and marks that
    /// change the direction of the following text; each becomes U+FFFD.
    /// </summary>
    internal static string Sanitize(string text)
    {
        int at = 0;
        while (at < text.Length && !IsForbidden(text, at)) at++;
        if (at == text.Length) return text;

        var clean = new StringBuilder(text, 0, at, text.Length);
        for (; at < text.Length; at++) clean.Append(IsForbidden(text, at) ? Replacement : text[at]);
        return clean.ToString();
    }

    private static bool IsForbidden(string text, int at) => text[at] switch
    {
        '\t' or '\n' or '\r' => false,
        '\uFFFE' or '\uFFFF' => true,
        '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => true,
        var letter when char.IsHighSurrogate(letter) => at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]),
        var letter when char.IsLowSurrogate(letter) => at == 0 || !char.IsHighSurrogate(text[at - 1]),
        var letter => char.IsControl(letter),
    };
}
