using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Git;

/// <summary>
/// Finds the program git: in PATH, or else where its installers put it. A client with windows starts hooks with a short PATH.
/// </summary>
internal static class GitProgram
{
    /// <summary>The variable with the folders of programs.</summary>
    public const string SearchPath = "PATH";

    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>Absolute path of the program.</summary>
    /// <exception cref="GitException"><see cref="GitFault.NotInstalled"/>: there is none.</exception>
    public static string Path => Found.Value ?? throw Missing();

    /// <summary>Whether git is there.</summary>
    public static bool IsInstalled => Found.Value is not null;

    /// <summary>Creates the error for a git that is not there or does not start.</summary>
    public static GitException Missing(Exception? reason = null) => new(
        GitFault.NotInstalled,
        "git",
        reason is null
            ? "Cannot find git. Install it, or add its folder to PATH."
            : $"Cannot start git: {reason.Sentence()} Install it again.",
        reason);

    private static string? Find()
    {
        string name = OperatingSystem.IsWindows() ? "git.exe" : "git";
        var folders = (Environment.GetEnvironmentVariable(SearchPath) ?? "").Split(System.IO.Path.PathSeparator).Concat(Installed());
        foreach (string folder in folders)
        {
            if (folder.Length == 0 || !System.IO.Path.IsPathFullyQualified(folder)) continue;
            string path = System.IO.Path.Combine(folder, name);
            if (File.Exists(path)) return path;
        }

        return null;
    }

    private static IEnumerable<string> Installed()
    {
        if (OperatingSystem.IsWindows())
        {
            foreach (string variable in (string[])["ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"])
            {
                if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } root)
                {
                    yield return System.IO.Path.Combine(root, "Git", "cmd");
                }
            }

            if (Environment.GetEnvironmentVariable("LocalAppData") is { Length: > 0 } local)
            {
                yield return System.IO.Path.Combine(local, "Programs", "Git", "cmd");
            }
        }
        else
        {
            foreach (string folder in (string[])["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin"]) yield return folder;
        }
    }
}
