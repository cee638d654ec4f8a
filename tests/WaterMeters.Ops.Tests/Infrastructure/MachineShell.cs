namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>What the tests of the machine's scripts need: they are written for Linux.</summary>
public static class MachineShell
{
    public const string Missing = "The machine's scripts run on Linux, with sh, awk and setsid.";

    /// <summary>Why the scripts are not checked here.</summary>
    public const string NoShellCheck = "There is no shellcheck on this machine.";

    /// <summary>Whether the scripts run here.</summary>
    public static bool IsHere => OperatingSystem.IsLinux() && Find("awk") is not null && Find("setsid") is not null;

    /// <summary>Whether shellcheck is here.</summary>
    public static bool HasShellCheck => Find("shellcheck") is not null;

    /// <summary>The shells that are here, and that the scripts must run in.</summary>
    public static TheoryData<string> All =>
    [
        .. new[] { "/bin/sh", "/usr/bin/dash", "/usr/bin/busybox sh", "/usr/bin/bash --posix" }
            .Where(shell => shell == "/bin/sh" || File.Exists(shell.Split(' ')[0])),
    ];

    /// <summary>Returns the absolute path of a program in PATH; null if there is none.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
