namespace WaterMeters.Ml.Settings;

/// <summary>A project's <c>wms.yaml</c>: the settings of all cmdlets, in parts.</summary>
public sealed class SettingsFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "wms.yaml";

    private static readonly string[] Parts = ["dataset", "training", "model", "tracking", "checks", "hook", "gate", "storage", "aws"];

    private readonly YamlValues values;

    private SettingsFile(string path, YamlValues values) => (Path, this.values) = (path, values);

    /// <summary>Absolute path of the file.</summary>
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

    /// <summary>Reads a settings file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="warn">Called with a warning for each unknown part.</param>
    /// <exception cref="SettingsException">It cannot be read, or is not YAML.</exception>
    public static SettingsFile Read(string path, Action<string> warn)
    {
        var values = YamlValues.Read(path);
        foreach (string part in values.Keys.Where(key => Parts.Contains(key) && values[key]!.Length > 0).Order(StringComparer.Ordinal))
        {
            warn($"{path}: Value '{values[part]}' of '{part}' ignored. '{part}' must contain keys.");
        }

        foreach (string part in values.Keys.Select(key => key.Split('.')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!Parts.Contains(part)) warn(UnknownKey.Warning(path, part, Parts));
        }

        return new SettingsFile(path, values);
    }

    /// <summary>Returns the keys and values of a part, ordered by key; nested keys are joined by dots.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Part(string part) =>
    [
        .. values.Keys.Where(key => key.StartsWith(part + ".", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(key => KeyValuePair.Create(key[(part.Length + 1)..], values[key]!)),
    ];
}
