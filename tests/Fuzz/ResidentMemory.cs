using System.Diagnostics;
using System.Globalization;

namespace WaterMeters.Fuzz;

/// <summary>How large this process is in memory, and how large it has been: everything that was touched, whoever allocated it.</summary>
public static class ResidentMemory
{
    /// <summary>Forgets the peak so far, where the system can.</summary>
    /// <returns>Bytes in memory now.</returns>
    public static long Restart()
    {
        if (!OperatingSystem.IsLinux()) return Now();
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Status("VmRSS:");
    }

    /// <summary>The most bytes there were in memory since <see cref="Restart"/>; outside of Linux, where the peak cannot be forgotten, those that are there now.</summary>
    public static long Peak() => OperatingSystem.IsLinux() ? Status("VmHWM:") : Now();

    private static long Now()
    {
        using var process = Process.GetCurrentProcess();
        return process.PrivateMemorySize64;
    }

    private static long Status(string name) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).AsSpan(name.Length).Trim().TrimEnd("kB"), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
}
