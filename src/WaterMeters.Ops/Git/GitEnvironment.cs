using System.Diagnostics;

namespace WaterMeters.Ops.Git;

/// <summary>
/// The environment of every git that the module starts. Inside a hook, git exports where its repository is; these variables take
/// precedence over the current folder and -C, so that a child would work in another repository than it was told.
/// </summary>
internal static class GitEnvironment
{
    // Those of git 2.39, for the case that git itself does not tell. A later git may have more.
    private static readonly string[] Known =
    [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_OBJECT_DIRECTORY", "GIT_DIR",
        "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE",
        "GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_COMMON_DIR", "GIT_INTERNAL_SUPER_PREFIX",
    ];

    // As git --literal-pathspecs push sets them: paths of the module would mean others.
    private static readonly string[] Pathspecs =
        ["GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"];

    private static readonly Lazy<IReadOnlyCollection<string>> Local = new(ReadLocal);

    /// <summary>The variables that <c>git rev-parse --local-env-vars</c> names.</summary>
    public static IReadOnlyCollection<string> LocalVariables => Local.Value;

    /// <summary>Removes what belongs to another call of git, and forbids every prompt.</summary>
    public static void Prepare(IDictionary<string, string?> environment)
    {
        foreach (string name in LocalVariables) environment.Remove(name);
        foreach (string name in Pathspecs) environment.Remove(name);
        Forbid(environment);
    }

    private static void Forbid(IDictionary<string, string?> environment)
    {
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GCM_INTERACTIVE"] = "never";

        // A client with windows answers through GIT_ASKPASS by itself. Without it, an empty one keeps core.askPass and SSH_ASKPASS from
        // opening a window that no one may see.
        environment.TryAdd("GIT_ASKPASS", "");
        environment["SSH_ASKPASS_REQUIRE"] = "never";

        // The photos themselves are wanted, not their pointers.
        environment.Remove("GIT_LFS_SKIP_SMUDGE");
    }

    private static HashSet<string> ReadLocal()
    {
        var names = new HashSet<string>(Known, StringComparer.Ordinal);
        var start = new ProcessStartInfo(GitProgram.Path, ["rev-parse", "--local-env-vars"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        try
        {
            using var git = Process.Start(start)!;
            git.StandardInput.Close();
            var error = git.StandardError.ReadToEndAsync();
            const StringSplitOptions Names = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
            names.UnionWith(git.StandardOutput.ReadToEnd().Split('\n', Names));
            git.WaitForExit();
            _ = error.GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            // The command that follows fails too, and says why.
        }

        return names;
    }
}
