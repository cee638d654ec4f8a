using System.Diagnostics;
using System.Globalization;

namespace WaterMeters.Fuzz;

/// <summary>The resident memory of this process, managed and native, and its peak.</summary>
public static class ResidentMemory
{
    /// <summary>Resets the peak, where the system can.</summary>
    /// <returns>The current resident bytes.</returns>
    public static long Restart()
    {
        if (!OperatingSystem.IsLinux()) return Now();
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Status("VmRSS:");
    }

    /// <summary>Returns the peak bytes since <see cref="Restart"/>; except on Linux, where it can be reset, the current bytes.</summary>
    public static long Peak() => OperatingSystem.IsLinux() ? Status("VmHWM:") : Now();

    private static long Now()
    {
        using var process = Process.GetCurrentProcess();
        return process.PrivateMemorySize64;
    }

    private static long Status(string name) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).AsSpan(name.Length).Trim()
            .TrimEnd("kB"),
        NumberStyles.AllowTrailingWhite,
        CultureInfo.InvariantCulture);
}
