using System.Diagnostics;
using System.Globalization;

namespace WaterMeters.Ml.Tests;

/// <summary>Private memory of the process after a full garbage collection.</summary>
internal static class ProcessMemory
{
    /// <summary>Whether WMS_PROVE=full requests the full size.</summary>
    public static bool Full { get; } = Environment.GetEnvironmentVariable("WMS_PROVE") == "full";

    /// <summary>Frees all memory that can be freed.</summary>
    public static void Collect()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Returns private bytes: resident anonymous memory on Linux, committed memory elsewhere.</summary>
    public static long PrivateBytes()
    {
        if (OperatingSystem.IsLinux())
        {
            string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
            return long.Parse(line.AsSpan(8).Trim().TrimEnd("kB"), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
        }

        using var process = Process.GetCurrentProcess();
        return process.PrivateMemorySize64;
    }
}
