using WaterMeters.Ops.Git;

namespace WaterMeters.Ops.Tests.Git.Hooks;

/// <summary>What the tests of the hook need on the machine. Windows runs hooks in the sh of git; Wine has neither.</summary>
public static class Shells
{
    /// <summary>Why a test is skipped that needs <see cref="RunHooks"/>.</summary>
    public const string NoScripts = "git does not run shell scripts here.";

    /// <summary>Whether git runs shell scripts here.</summary>
    public static bool RunHooks => !OperatingSystem.IsWindows() && GitProgram.IsInstalled;

    /// <summary>Whether git is here.</summary>
    public static bool HaveGit => GitProgram.IsInstalled;

    /// <summary>Absolute path of git.</summary>
    public static string GitPath => GitProgram.Path;

    /// <summary>The shells that are here, as the first line of a script names them.</summary>
    public static TheoryData<string> All =>
    [
        .. new[] { "/bin/sh", "/usr/bin/dash", "/usr/bin/busybox sh", "/usr/bin/bash --posix" }
            .Where(shell => shell == "/bin/sh" || File.Exists(shell.Split(' ')[0])),
    ];
}
