using System.Diagnostics;

namespace WaterMeters.Ops.Tests.Versioning;

/// <summary>A file system of 4 MB in memory, for tests of a full disk. Needs Linux and its right to mount.</summary>
internal static class SmallFileSystem
{
    public static bool IsMountable { get; } = OperatingSystem.IsLinux() && TryMount();

    public static void Mount(string folder) => Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder));

    public static void Unmount(string folder) => Assert.Equal(0, Run("umount", folder));

    private static bool TryMount()
    {
        using var temp = new TempFolder();
        if (Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", temp.Path) != 0) return false;
        Unmount(temp.Path);
        return true;
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
