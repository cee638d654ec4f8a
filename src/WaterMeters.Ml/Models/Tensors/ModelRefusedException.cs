using System.Globalization;

namespace WaterMeters.Ml.Models.Tensors;

/// <summary>
/// A model file is valid, as far as it was read, but asks for something that is refused. The message continues after the file's name.
/// </summary>
internal sealed class ModelRefusedException(string message) : Exception(message)
{
    private const int MaxShown = 100;

    /// <summary>Returns a name from a file, shortened and printable, for a message.</summary>
    public static string ForMessage(string name) =>
        Printable(name.Length <= MaxShown ? name : string.Concat(name.AsSpan(0, MaxShown), "..."));

    /// <summary>
    /// Returns a text that quotes a file with its control characters (escapes, line ends, changes of writing direction) replaced by U+FFFD,
    /// so that no file can write its own line into a log or control a terminal.
    /// </summary>
    public static string Printable(string text) =>
        text.Any(IsControl) ? string.Concat(text.Select(c => IsControl(c) ? '\uFFFD' : c)) : text;

    private static bool IsControl(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
