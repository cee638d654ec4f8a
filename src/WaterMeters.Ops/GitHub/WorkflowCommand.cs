using System.Text;

namespace WaterMeters.Ops.GitHub;

/// <summary>
/// Commands that a step of GitHub Actions gives by printing a line, here annotations: <c>::error file=a.png,title=T::message</c>.
/// </summary>
public static class WorkflowCommand
{
    /// <summary>Returns the line of an annotation. Nothing in its texts can end the line or start another command.</summary>
    /// <param name="level">error, warning or notice.</param>
    /// <param name="file">Path relative to the root of the repository, with slashes; null for none.</param>
    /// <param name="title">Its title.</param>
    /// <param name="message">Its message.</param>
    public static string Annotation(string level, string? file, string title, string message)
    {
        string place = file is null ? "" : $"file={Property(file)},";
        return $"::{level} {place}title={Property(title)}::{Data(message)}";
    }

    // As the runner decodes them: a message needs only the percent sign and line ends, a property also its separators.
    private static string Data(string text) =>
        Printable(text).Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);

    /// <summary>Replaces control characters, which file names may have and terminals obey, except line ends.</summary>
    private static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            bool isLineEnd = letter is '\r' or '\n', isOther = char.IsControl(letter) || letter is '\u2028' or '\u2029';
            printable.Append(isOther && !isLineEnd ? '\uFFFD' : letter);
        }

        return printable.ToString();
    }
}
