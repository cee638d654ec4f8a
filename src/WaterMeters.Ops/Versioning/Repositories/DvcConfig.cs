namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>
/// The configuration of a repository: <c>.dvc/config.local</c> before <c>.dvc/config</c> before that of the user and of the system.
/// </summary>
internal sealed class DvcConfig
{
    /// <summary>Names another folder for the user's configuration, as for DVC.</summary>
    private const string GlobalVariable = "DVC_GLOBAL_CONFIG_DIR", SystemVariable = "DVC_SYSTEM_CONFIG_DIR";

    private readonly IReadOnlyList<IniFile> files;

    private DvcConfig(IReadOnlyList<IniFile> files, string path) => (this.files, Path) = (files, path);

    /// <summary>Path of <c>.dvc/config</c>, where settings belong.</summary>
    public string Path { get; }

    /// <summary>Reads the configuration.</summary>
    /// <param name="folder">The folder <c>.dvc</c>.</param>
    /// <exception cref="DatasetVersionException">A file is not one of DVC.</exception>
    public static DvcConfig Read(string folder)
    {
        string main = System.IO.Path.Combine(folder, "config");
        string?[] paths = [System.IO.Path.Combine(folder, "config.local"), main, UserFile(), SystemFile()];
        return new([.. paths.OfType<string>().Select(IniFile.Read).OfType<IniFile>()], main);
    }

    /// <summary>Returns a value; null if there is none.</summary>
    public string? Find(string section, string key) => Locate(section, key)?.Value;

    /// <summary>Returns a value, and the file that it is in; null if there is none.</summary>
    public (string Value, string File)? Locate(string section, string key)
    {
        foreach (var file in files)
        {
            if (file.Find(section, key) is { } value) return (value, file.Path);
        }

        return null;
    }

    /// <summary>Returns whether a setting is true.</summary>
    /// <exception cref="DatasetVersionException">It is neither true nor false.</exception>
    public bool IsTrue(string section, string key)
    {
        if (Locate(section, key) is not var (value, file)) return false;
        return value.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "1" => true,
            "false" or "no" or "off" or "0" or "" => false,
            _ => throw VersionErrors.Unusable(file, $"'{value}' of {section}.{key} in '{file}' is neither true nor false. Correct it."),
        };
    }

    /// <summary>The names of all remotes.</summary>
    public IEnumerable<string> Remotes => files.SelectMany(file => file.Sections).Select(RemoteName).OfType<string>()
        .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the name of the section of a remote.</summary>
    public static string SectionOf(string remote) => $"remote \"{remote}\"";

    private static string? RemoteName(string section) =>
        section.StartsWith("remote \"", StringComparison.OrdinalIgnoreCase) && section.EndsWith('"') ? section[8..^1] : null;

    private static string? UserFile()
    {
        if (Environment.GetEnvironmentVariable(GlobalVariable) is { Length: > 0 } named) return System.IO.Path.Combine(named, "config");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        string local = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (home.Length == 0 || local.Length == 0) return null;
        if (OperatingSystem.IsWindows()) return System.IO.Path.Combine(local, "iterative", "dvc", "config");
        if (OperatingSystem.IsMacOS()) return System.IO.Path.Combine(home, "Library", "Application Support", "dvc", "config");
        string config = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } xdg
            ? xdg
            : System.IO.Path.Combine(home, ".config");
        return System.IO.Path.Combine(config, "dvc", "config");
    }

    private static string? SystemFile()
    {
        if (Environment.GetEnvironmentVariable(SystemVariable) is { Length: > 0 } named) return System.IO.Path.Combine(named, "config");
        if (OperatingSystem.IsMacOS()) return "/Library/Application Support/dvc/config";
        if (!OperatingSystem.IsWindows()) return "/etc/xdg/dvc/config";
        string common = Environment.GetFolderPath(
            Environment.SpecialFolder.CommonApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return common.Length == 0 ? null : System.IO.Path.Combine(common, "iterative", "dvc", "config");
    }
}
