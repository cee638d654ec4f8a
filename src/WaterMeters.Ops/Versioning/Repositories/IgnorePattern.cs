using System.Text;
using System.Text.RegularExpressions;

namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>One line of a .gitignore or .dvcignore file (gitignore, "Pattern format").</summary>
internal sealed class IgnorePattern
{
    private readonly Regex regex;
    private readonly bool foldersOnly;

    private IgnorePattern(Regex regex, bool foldersOnly, bool isException) =>
        (this.regex, this.foldersOnly, IsException) = (regex, foldersOnly, isException);

    /// <summary>Whether the line takes back what an earlier one ignores.</summary>
    public bool IsException { get; }

    /// <summary>Reads a line; null for an empty one, a comment, and a pattern that nothing matches.</summary>
    public static IgnorePattern? Parse(string line)
    {
        string text = line.TrimEnd('\r', '\n');
        text = text.EndsWith("\\ ", StringComparison.Ordinal) ? text : text.TrimEnd(' ', '\t');
        if (text.Length == 0 || text[0] == '#') return null;
        bool isException = text[0] == '!';
        if (isException) text = text[1..];
        bool foldersOnly = text.EndsWith('/');
        if (foldersOnly) text = text.TrimEnd('/');
        if (text.Length == 0) return null;

        // A slash inside anchors the pattern to the folder of the file; without one it matches at any depth.
        bool isAnchored = text.Contains('/', StringComparison.Ordinal);
        string pattern = $"^{(isAnchored ? "" : "(?:.*/)?")}{Translate(text.TrimStart('/'))}$";
        try
        {
            return new(new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Singleline), foldersOnly, isException);
        }
        catch (RegexParseException)
        {
            return null; // a set such as [z-a], in which nothing is
        }
    }

    /// <summary>Returns whether a path, relative to the folder of the file, matches.</summary>
    public bool Matches(string path, bool isFolder) => (isFolder || !foldersOnly) && regex.IsMatch(path);

    private static string Translate(string glob)
    {
        var result = new StringBuilder();
        for (int i = 0; i < glob.Length; i++)
        {
            char c = glob[i];
            bool startsName = i == 0 || glob[i - 1] == '/';
            if (c == '*' && startsName && string.CompareOrdinal(glob, i, "**/", 0, 3) == 0)
            {
                result.Append("(?:.*/)?");
                i += 2;
            }
            else if (c == '*' && startsName && i + 2 == glob.Length && glob[i + 1] == '*')
            {
                result.Append(".+");
                i++;
            }
            else if (c == '[' && Class(glob, i) is var (set, end))
            {
                result.Append(set);
                i = end;
            }
            else if (c == '\\' && i + 1 < glob.Length)
            {
                result.Append(Regex.Escape(glob[++i].ToString()));
            }
            else
            {
                result.Append(c switch { '*' => "[^/]*", '?' => "[^/]", _ => Regex.Escape(c.ToString()) });
            }
        }

        return result.ToString();
    }

    private static (string Set, int End)? Class(string glob, int start)
    {
        bool isNegated = start + 1 < glob.Length && glob[start + 1] is ('!' or '^');
        int first = start + (isNegated ? 2 : 1);
        int end = glob.IndexOf(']', Math.Min(first + 1, glob.Length));
        if (end < 0) return null;
        string inner = glob[first..end].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal)
            .Replace("]", "\\]", StringComparison.Ordinal);
        return ($"(?!/)[{(isNegated ? "^" : "")}{inner}]", end);
    }
}
