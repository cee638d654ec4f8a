using System.Diagnostics;
using System.Globalization;

namespace WaterMeters.Ml.Tests;

/// <summary>What the process has of its own in memory, after a full collection.</summary>
internal static class ProcessMemory
{
    /// <summary>Whether WMS_PROVE=full asks for the full size.</summary>
    public static bool Full { get; } = Environment.GetEnvironmentVariable("WMS_PROVE") == "full";

    /// <summary>Frees whatever can be freed.</summary>
    public static void Collect()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Private bytes: resident and anonymous on Linux, where reserved address space is no memory; committed elsewhere.</summary>
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
