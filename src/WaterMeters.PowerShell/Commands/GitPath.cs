using System.Text;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// Reads paths as git writes them: <c>git diff --name-only</c> puts a path with letters outside ASCII in quotes and writes their bytes as
/// octal numbers (git-config, core.quotePath).
/// </summary>
internal static class GitPath
{
    private const string Escapes = "abtnvfr\"\\", Meanings = "\a\b\t\n\v\f\r\"\\";

    /// <summary>
    /// Returns the path without quotes and escapes; text in another form stays as it is. "Copy as path" of the Explorer puts quotes around
    /// an absolute path and escapes nothing.
    /// </summary>
    public static string Unquote(string text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"') return text;
        if (IsOfExplorer(text[1..^1])) return text[1..^1];
        var bytes = new List<byte>(text.Length);
        for (int i = 1; i < text.Length - 1; i++)
        {
            if (text[i] != '\\')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, char.IsHighSurrogate(text[i]) && i + 2 < text.Length ? 2 : 1));
                if (char.IsHighSurrogate(text[i])) i++;
                continue;
            }

            char next = text[++i];
            int known = Escapes.IndexOf(next, StringComparison.Ordinal);
            if (known >= 0)
            {
                bytes.Add((byte)Meanings[known]);
            }
            else if (i + 3 < text.Length && text.AsSpan(i, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                bytes.Add((byte)(((next - '0') << 6) | ((text[i + 1] - '0') << 3) | (text[i + 2] - '0')));
                i += 2;
            }
            else
            {
                return text;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Returns whether a path begins with a drive and a backslash, or with a server: git writes relative ones.</summary>
    private static bool IsOfExplorer(string path) =>
        (path.Length > 2 && char.IsAsciiLetter(path[0]) && path[1] == ':' && path[2] == '\\')
        || (OperatingSystem.IsWindows() && path.StartsWith(@"\\", StringComparison.Ordinal));
}
