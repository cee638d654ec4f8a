namespace WaterMeters.Ops.Git.Hooks;

/// <summary>
/// Where the hook finds PowerShell and the module later. The path of this process may hold its version, as in the Store's folders and in
/// those of the gallery: after the next update it would lead nowhere. So names that stay come first, then paths.
/// </summary>
public sealed record HookPlaces
{
    private const string ModuleName = "WaterMeters";

    /// <summary>Commands, programs and pwsh.dll files, the first that is there is used.</summary>
    public required IReadOnlyList<string> Pwsh { get; init; }

    /// <summary>The program that runs a pwsh.dll; null if there is none in <see cref="Pwsh"/>.</summary>
    public string? Dotnet { get; init; }

    /// <summary>Folders of the module, or its name.</summary>
    public required IReadOnlyList<string> Module { get; init; }

    /// <summary>Finds the places of this process.</summary>
    /// <param name="home">The folder of PowerShell itself, $PSHOME.</param>
    /// <param name="module">The folder of the module.</param>
    public static HookPlaces Find(string home, string module)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(module);
        string program = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        string library = Path.Combine(home, "pwsh.dll");
        string? process = Environment.ProcessPath;
        string name = Path.GetFileNameWithoutExtension(process) ?? "";
        bool isDotnet = name.Equals("dotnet", StringComparison.OrdinalIgnoreCase) && File.Exists(library);
        string own = Path.Combine(home, program);
        var pwsh = Stable(program).Where(File.Exists).ToList();
        if (File.Exists(own)) pwsh.Add(own);
        if (isDotnet) pwsh.Add(library);
        return new HookPlaces
        {
            // On Windows the alias of the Store or an installed program comes before whatever is first in PATH, and the command is last.
            Pwsh = [.. pwsh.Select(WithSlashes).Distinct(StringComparer.Ordinal), "pwsh"],
            Dotnet = isDotnet ? WithSlashes(process!) : null,
            Module = [.. ModulePlaces(module)],
        };
    }

    /// <summary>The programs whose paths stay the same from version to version.</summary>
    private static IEnumerable<string> Stable(string program)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string tool = Path.Combine(home, ".dotnet", "tools", program);
        if (OperatingSystem.IsWindows())
        {
            // The alias of the Store is a link without content, which starts the newest version.
            string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            string programs = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);
            return [Path.Combine(local, "Microsoft", "WindowsApps", program), Path.Combine(programs, "PowerShell", "7", program), tool];
        }

        string[] folders = ["/snap/bin", "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/opt/microsoft/powershell/7"];
        return [.. folders.Select(folder => Path.Combine(folder, program)), tool];
    }

    private static IEnumerable<string> ModulePlaces(string module)
    {
        // The gallery installs each version into a folder of its own; the folder above them is imported as the newest.
        string folder = Path.TrimEndingDirectorySeparator(module);
        string parent = Path.GetDirectoryName(folder) ?? folder;
        bool isVersion = Version.TryParse(Path.GetFileName(folder), out _) && IsNamed(parent);
        string place = isVersion ? parent : folder;
        yield return WithSlashes(place);

        // Under its name PowerShell finds it too, if it is where modules are.
        string above = Path.GetDirectoryName(place) ?? place;
        var roots = (Environment.GetEnvironmentVariable("PSModulePath") ?? "").Split(Path.PathSeparator);
        if (IsNamed(place) && roots.Any(root => Path.TrimEndingDirectorySeparator(root) == above)) yield return ModuleName;

        static bool IsNamed(string folder) => Path.GetFileName(folder).Equals(ModuleName, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A backslash is an escape character to sh.</summary>
    private static string WithSlashes(string path) => OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path;
}
