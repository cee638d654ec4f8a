namespace WaterMeters.Ml.Settings;

/// <summary>A project's <c>wms.yaml</c>: the settings of all cmdlets, in parts.</summary>
public sealed class SettingsFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "wms.yaml";

    private static readonly string[] Parts = ["dataset", "training", "checks", "gate", "model", "tracking", "storage", "hook", "aws"];

    private readonly YamlValues values;
    private readonly bool strict;

    private SettingsFile(string path, YamlValues values, bool strict) => (Path, this.values, this.strict) = (path, values, strict);

    /// <summary>Absolute path of the file, or where its text is from.</summary>
    public string Path { get; }

    /// <summary>Finds the nearest wms.yaml in a folder or above it; null when there is none.</summary>
    /// <param name="folder">An absolute path; the folder need not exist.</param>
    public static string? Nearest(string folder)
    {
        for (string? at = folder; at is not null; at = System.IO.Path.GetDirectoryName(at))
        {
            string path = System.IO.Path.Combine(at, Name);
            if (File.Exists(path)) return path;
        }

        return null;
    }

    /// <summary>Finds and reads the nearest wms.yaml in a folder or above it; null when there is none.</summary>
    /// <param name="folder">An absolute path; the folder need not exist.</param>
    /// <param name="warn">Called with a warning for each unknown part, and for a file that is called wms.yml.</param>
    /// <param name="strict">Whether these unknown parts, and such a file, are errors; see <see cref="Read"/>.</param>
    /// <exception cref="SettingsException">See <see cref="Read"/>.</exception>
    public static SettingsFile? ReadNearest(string folder, Action<string> warn, bool strict)
    {
        ArgumentNullException.ThrowIfNull(warn);
        string? nearest = Nearest(folder);
        if (Misnamed(folder, System.IO.Path.GetDirectoryName(nearest)) is { } other)
        {
            string message = $"'{other}' is not read, because the settings file is called {Name}. Rename it.";
            if (strict) throw new SettingsException(other, message);
            warn(message);
        }

        return nearest is null ? null : Read(nearest, warn, strict);
    }

    /// <summary>Finds a wms.yml, or a wms.yaml in other letters, below the folder of the file that is read.</summary>
    private static string? Misnamed(string folder, string? readIn)
    {
        var anyCase = new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive, IgnoreInaccessible = true };
        for (string? at = folder; at is not null && at != readIn; at = System.IO.Path.GetDirectoryName(at))
        {
            if (!Directory.Exists(at)) continue;
            string[] names = [.. Directory.EnumerateFiles(at, "wms.y*ml", anyCase)];
            if (Array.Find(names, path => IsMisnamed(System.IO.Path.GetFileName(path))) is { } found) return found;
        }

        return null;

        static bool IsMisnamed(string name) => name.Equals("wms.yml", StringComparison.OrdinalIgnoreCase)
            || (name.Equals(Name, StringComparison.OrdinalIgnoreCase) && name != Name);
    }

    /// <summary>Reads a settings file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="warn">Called with a warning for each unknown part.</param>
    /// <param name="strict">
    /// Whether an unknown key is an error: a gate whose limit is misspelt would decide without that limit. It applies to the parts of the
    /// file, and to the keys of each part that is then read from it.
    /// </param>
    /// <exception cref="SettingsException">
    /// It cannot be read, is not YAML, or, if <paramref name="strict"/>, has an unknown key.
    /// </exception>
    public static SettingsFile Read(string path, Action<string> warn, bool strict = false) =>
        Examine(new SettingsFile(path, YamlValues.Read(path), strict), warn);

    /// <summary>Reads a text that is in no file here, such as that of another commit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Where it is from, for messages.</param>
    /// <param name="warn">As for <see cref="Read"/>.</param>
    /// <param name="strict">As for <see cref="Read"/>.</param>
    /// <exception cref="SettingsException">It is not YAML, or, if <paramref name="strict"/>, has an unknown key.</exception>
    public static SettingsFile Parse(string text, string source, Action<string> warn, bool strict) =>
        Examine(new SettingsFile(source, YamlValues.Parse(text, source), strict), warn);

    private static SettingsFile Examine(SettingsFile file, Action<string> warn)
    {
        var (path, strict) = (file.Path, file.strict);
        var values = file.values;
        foreach (string part in values.Keys.Where(key => Parts.Contains(key) && values[key]!.Length > 0).Order(StringComparer.Ordinal))
        {
            string problem = $"Value '{values[part]}' of '{part}'";
            if (strict) throw new SettingsException(path, $"{problem} in '{path}': '{part}' must contain keys. Correct the file.");
            warn($"{path}: {problem} ignored. '{part}' must contain keys.");
        }

        foreach (string part in values.Keys.Select(key => key.Split('.')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!Parts.Contains(part)) file.ReportUnknown("", part, Parts, warn);
        }

        return file;
    }

    /// <summary>Reports a key of a part that no setting has: as a warning, or as an error if the file is read strictly.</summary>
    /// <param name="part">The part; empty for the parts themselves.</param>
    /// <param name="key">The unknown key, below the part.</param>
    /// <param name="known">The keys that the part has.</param>
    /// <param name="warn">Called with the warning, which names the known key that was probably meant.</param>
    /// <exception cref="SettingsException">The file is read strictly.</exception>
    public void ReportUnknown(string part, string key, IReadOnlyCollection<string> known, Action<string> warn)
    {
        string prefix = part.Length == 0 ? "" : part + ".";
        if (!strict) warn(UnknownKey.Warning(Path, key, known, prefix));
        else throw new SettingsException(Path, UnknownKey.Refusal(Path, key, known, prefix));
    }

    /// <summary>Returns the keys and values of a part, ordered by key; nested keys are joined by dots.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Part(string part) =>
    [
        .. values.Keys.Where(key => key.StartsWith(part + ".", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(key => KeyValuePair.Create(key[(part.Length + 1)..], values[key]!)),
    ];

    /// <summary>Returns the texts of a part by their keys, which are not case-sensitive.</summary>
    /// <param name="part">The part.</param>
    /// <param name="known">The keys that it has.</param>
    /// <param name="warn">Called with a warning for each unknown key.</param>
    /// <exception cref="SettingsException">A value is empty, or the file is read strictly and has an unknown key.</exception>
    internal Dictionary<string, string> Texts(string part, string[] known, Action<string> warn)
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in Part(part))
        {
            if (!known.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                ReportUnknown(part, key, known, warn);
                continue;
            }

            if (string.IsNullOrWhiteSpace(value))
            {
                throw new SettingsException(Path, $"{part}.{key} in '{Path}' is empty. Give it a value, or remove it.");
            }

            texts[key] = value.Trim();
        }

        return texts;
    }
}
