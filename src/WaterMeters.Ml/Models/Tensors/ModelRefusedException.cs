using System.Globalization;

namespace WaterMeters.Ml.Models.Tensors;

/// <summary>A model file is whole, as far as it was read, and is refused for what it asks for; the message is a sentence that goes on after the file's name.</summary>
internal sealed class ModelRefusedException(string message) : Exception(message)
{
    private const int MaxShown = 100;

    /// <summary>A name out of a file, short enough for a message and fit to be printed.</summary>
    public static string Shown(string name) => Printable(name.Length <= MaxShown ? name : string.Concat(name.AsSpan(0, MaxShown), "..."));

    /// <summary>
    /// A text that quotes a file, fit to be printed: what a terminal obeys instead of showing it (escapes, line ends, a change of the
    /// direction of writing) becomes U+FFFD, so that no file writes a line of its own into a log.
    /// </summary>
    public static string Printable(string text) => text.Any(Obeyed) ? string.Concat(text.Select(c => Obeyed(c) ? '\uFFFD' : c)) : text;

    private static bool Obeyed(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
