using System.Text.RegularExpressions;

namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>One of DVC's configuration files: sections of keys and values. Values may be in quotes; <c>#</c> starts a comment.</summary>
internal sealed partial class IniFile
{
    private readonly List<(string Section, string Key, string Value)> values = [];

    private IniFile(string path) => Path = path;

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>Reads a file; null if it does not exist.</summary>
    /// <exception cref="DatasetVersionException"><see cref="DatasetVersionFault.Unusable"/>; the message names the line.</exception>
    public static IniFile? Read(string path)
    {
        if (!File.Exists(path)) return null;
        var file = new IniFile(path);
        string? section = null;
        int number = 0;
        foreach (string text in VersionErrors.ReadText(path).Split('\n'))
        {
            number++;
            string line = text.Trim();
            if (line.Length == 0 || line[0] is '#' or ';') continue;
            if (line[0] == '[' && line.LastIndexOf(']') is > 0 and int end)
            {
                section = Unquote(line[1..end].Trim());
                continue;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (section is null || equals <= 0)
            {
                throw VersionErrors.Unusable(path,
                    $"'{path}', line {number} is neither [SECTION] nor KEY = VALUE: '{line}'. Correct that line.");
            }

            file.values.Add((section, line[..equals].Trim().ToLowerInvariant(), Value(line[(equals + 1)..].Trim())));
        }

        return file;
    }

    /// <summary>Returns the last value of a key; null if there is none.</summary>
    public string? Find(string section, string key)
    {
        int at = values.FindLastIndex(v => v.Key == key && v.Section.Equals(section, StringComparison.OrdinalIgnoreCase));
        return at < 0 ? null : values[at].Value;
    }

    /// <summary>Returns the sections, such as <c>remote "store"</c>.</summary>
    public IEnumerable<string> Sections => values.Select(v => v.Section).Distinct(StringComparer.OrdinalIgnoreCase);

    private static string Value(string text) => Quoted().Match(text) is { Success: true } quoted
        ? quoted.Groups["text"].Value
        : Comment().Replace(text, "").TrimEnd();

    private static string Unquote(string text) => text.Length > 1 && text[0] == text[^1] && text[0] is '\'' ? text[1..^1] : text;

    [GeneratedRegex("""^(?<quote>["'])(?<text>.*?)\k<quote>\s*(#.*)?$""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\s+#.*$")]
    private static partial Regex Comment();
}
